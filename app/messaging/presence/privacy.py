"""What presence keeps of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.messaging.presence.models import Presence
from app.platform.database import db

NAME = "presence"


def export(ident: MemberId) -> dict[str, Any]:
    """When the member was here last, and whether others may see it."""
    row = db.session.execute(select(Presence.seen_at, Presence.hidden).where(Presence.member_id == ident)).one_or_none()
    if row is None:
        return {"seen_at": None, "hidden": False}
    return {"seen_at": row.seen_at.isoformat() if row.seen_at else None, "hidden": row.hidden}


def erase(ident: MemberId) -> None:
    """Nothing stays."""
    db.session.execute(delete(Presence).where(Presence.member_id == ident))
