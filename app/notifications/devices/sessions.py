"""Alerts live no longer than the right to them: what the accounts room ends of them."""

from __future__ import annotations

from sqlalchemy import delete, update

from app.kernel.ids import MemberId
from app.notifications.devices.models import PushDevice
from app.platform.database import db, unit_of_work


def end(member_id: MemberId, *, only: str | None = None, but: str | None = None) -> None:
    """Those that were turned on in a session, or all of the member (but those of one)."""
    gone = delete(PushDevice).where(PushDevice.member_id == member_id)
    if only is not None:
        gone = gone.where(PushDevice.session == only)
    elif but is not None:
        gone = gone.where(PushDevice.session.is_distinct_from(but))
    with unit_of_work():
        db.session.execute(gone)


def move(session: str, to: str) -> None:
    """The session goes on under another name."""
    with unit_of_work():
        db.session.execute(update(PushDevice).where(PushDevice.session == session).values(session=to))
