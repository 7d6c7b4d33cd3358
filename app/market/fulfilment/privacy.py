"""What hand-overs keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.market.fulfilment.models import Meeting
from app.platform.database import db

NAME = "fulfilment"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """Where and when the member proposed to meet."""
    mine = select(Meeting).where(Meeting.proposed_by == ident).order_by(Meeting.order_id)
    return [{"order": row.order_id, "at": row.at.isoformat(), "place": row.place} for row in db.session.scalars(mine)]


def erase(ident: MemberId) -> None:
    """Nobody comes."""
    db.session.execute(delete(Meeting).where(Meeting.proposed_by == ident))
