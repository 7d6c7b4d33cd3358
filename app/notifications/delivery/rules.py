"""When a delivery is due, and how long to wait after a failure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.notifications.kinds.values import Pace
from app.notifications.preferences.values import Day

GRACE: Final = timedelta(seconds=30)
MAX_TRIES: Final = 6
LEASE: Final = timedelta(minutes=3)

_WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)


def due_at(now: datetime, pace: Pace, day: Day, *, fixed: bool, online: bool) -> datetime:
    """Safety at once; who is here gets a moment to see it by themselves; the night is for sleeping."""
    if fixed:
        return now
    if pace is Pace.NOW:
        return day.after_quiet(now + GRACE if online else now)
    return day.after_quiet(day.next_digest(now, pace))


def wait_after(tries: int) -> timedelta:
    """Longer with each failure."""
    return _WAITS[min(max(tries, 1), len(_WAITS)) - 1]
