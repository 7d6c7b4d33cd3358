"""Choosing on which terms one sells."""

from __future__ import annotations

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.market.terms.models import SellerTerms
from app.market.terms.rules import check_choice
from app.people.accounts.queries import require_active
from app.platform.database import unit_of_work
from app.platform.sql import upsert


def choose_terms(actor: MemberId, *, steps: int, ways: int, beyond: str, percent: int, verified: bool) -> None:
    """From now on; what is ordered already keeps the terms that it was ordered on."""
    choice = check_choice(steps, ways, beyond, percent, verified=verified)
    with unit_of_work():
        require_active(actor)
        row = {
            "member_id": actor,
            "steps": choice.steps,
            "ways": choice.ways,
            "beyond": choice.beyond.value,
            "percent": choice.percent,
            "verified": choice.verified,
            "changed_at": clock.now(),
        }
        upsert(SellerTerms, row, keys=["member_id"])
