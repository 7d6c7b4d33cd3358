"""What deliveries keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.notifications.delivery.models import DeliveryRow
from app.platform.database import db

NAME = "deliveries"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What was sent, or is about to be."""
    row = DeliveryRow
    query = select(row.channel, row.state, row.due_at, row.done_at).where(row.member_id == ident)
    return [
        {
            "channel": one.channel,
            "state": one.state,
            "due_at": one.due_at.isoformat(),
            "done_at": one.done_at.isoformat() if one.done_at else None,
        }
        for one in db.session.execute(query.order_by(row.id))
    ]


def erase(ident: MemberId) -> None:
    """Nothing more goes out."""
    db.session.execute(delete(DeliveryRow).where(DeliveryRow.member_id == ident))
