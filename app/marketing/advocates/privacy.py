"""What advocacy keeps of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.marketing.advocates.models import AdvocateRecord
from app.platform.database import db

NAME = "advocacy"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """For which stores the member speaks."""
    query = select(AdvocateRecord).where(AdvocateRecord.member_id == ident)
    return [
        {"store": row.store_id, "named": row.named, "joined_at": row.joined_at.isoformat()}
        for row in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """Link and figures go."""
    db.session.execute(delete(AdvocateRecord).where(AdvocateRecord.member_id == ident))
