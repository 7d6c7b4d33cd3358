"""What pins say of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from app.kernel.ids import MemberId
from app.market.pins.models import PinnedListing
from app.market.pins.queries import pinned_by
from app.platform.database import db

NAME = "pins"


def export(ident: MemberId) -> dict[str, Any]:
    """The listing on top of the member's profile."""
    return {"listing": pinned_by(ident)}


def erase(ident: MemberId) -> None:
    """Take the pin away; other people cannot pin what the member offers."""
    db.session.execute(delete(PinnedListing).where(PinnedListing.member_id == ident))
