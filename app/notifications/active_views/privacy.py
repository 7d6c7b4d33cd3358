"""What screens tell of a person: nothing that lasts longer than a minute."""

from __future__ import annotations

from sqlalchemy import delete

from app.kernel.ids import MemberId
from app.notifications.active_views.models import ActiveView
from app.platform.database import db

NAME = "screens"


def export(_ident: MemberId) -> list[str]:
    """It is gone before anybody could read it."""
    return []


def erase(ident: MemberId) -> None:
    """Now, not in a minute."""
    db.session.execute(delete(ActiveView).where(ActiveView.member_id == ident))
