"""What the inbox keeps of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.notifications.inbox.models import NotificationRow
from app.platform.database import db

NAME = "inbox"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What the member was told."""
    query = select(NotificationRow).where(NotificationRow.member_id == ident).order_by(NotificationRow.at)
    return [
        {
            "kind": row.kind,
            "subject": f"{row.subject_kind}:{row.subject_id}",
            "at": row.at.isoformat(),
            "read_at": row.read_at.isoformat() if row.read_at else None,
        }
        for row in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """The inbox, and where the person is named in others'."""
    mine = or_(NotificationRow.member_id == ident, NotificationRow.actor_id == ident)
    db.session.execute(delete(NotificationRow).where(mine))
