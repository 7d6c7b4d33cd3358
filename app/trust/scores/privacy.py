"""What standing tells of a person."""

from __future__ import annotations

from sqlalchemy import delete, update

from app.kernel.ids import MemberId
from app.platform.database import db
from app.trust.scores.models import ReputationRun, ReputationScore, TrustSeed

NAME = "standing"


def export(ident: MemberId) -> dict[str, object]:
    """The member's own standing, and whether the operator begins with them."""
    row = db.session.get(ReputationScore, ident)
    return {
        "standing": None if row is None else row.score,
        "computed_at": None if row is None else row.computed_at.isoformat(),
        "seed": db.session.get(TrustSeed, ident) is not None,
    }


def erase(ident: MemberId) -> None:
    """Nobody begins with an account that is gone; who named or asked is forgotten."""
    db.session.execute(delete(ReputationScore).where(ReputationScore.member_id == ident))
    db.session.execute(delete(TrustSeed).where(TrustSeed.member_id == ident))
    db.session.execute(update(TrustSeed).where(TrustSeed.named_by == ident).values(named_by=None))
    db.session.execute(update(ReputationRun).where(ReputationRun.asked_by == ident).values(asked_by=None))
