"""How long ago somebody was here, told coarsely."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

ONLINE_FOR: Final = timedelta(minutes=3)
# A page tells that it is looked at; it is written down at most so often.
TOLD_EVERY: Final = timedelta(minutes=1)


class Nearness(StrEnum):
    """No minutes and no hours: nobody's day can be read from it."""

    ONLINE = "online"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LONG_AGO = "long_ago"
    UNKNOWN = "unknown"
