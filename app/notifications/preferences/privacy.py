"""What wishes tell of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from app.kernel.ids import MemberId
from app.notifications.preferences.models import DayRow, PreferenceRow
from app.notifications.preferences.queries import wishes_of
from app.platform.database import db

NAME = "preferences"


def export(ident: MemberId) -> dict[str, Any]:
    """Only what differs from the defaults."""
    wishes = wishes_of(ident)
    return {
        "chosen": [
            {"kind": kind, "channel": channel, "pace": pace.value}
            for (kind, channel), pace in sorted(wishes.chosen.items())
        ],
        "timezone": wishes.day.timezone,
        "quiet_from": wishes.day.quiet_from,
        "quiet_until": wishes.day.quiet_until,
    }


def erase(ident: MemberId) -> None:
    """Back to nothing."""
    for table in (PreferenceRow, DayRow):
        db.session.execute(delete(table).where(table.member_id == ident))
