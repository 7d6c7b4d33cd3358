"""What can be chosen, and how times are written."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

from app.notifications.kinds.values import Channel, Pace
from app.notifications.preferences.values import UTC_NAME

HOUR: Final = 60
MINUTES: Final = 24 * HOUR
_CONTINENTS: Final = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"),
}


@lru_cache(maxsize=1)
def timezones() -> tuple[str, ...]:
    """Names that people can choose: places, without the aliases."""
    places = (name for name in available_timezones() if name.partition("/")[0] in _CONTINENTS)
    return (*sorted(places), UTC_NAME)


def is_timezone(name: str) -> bool:
    """Whether there is such a place."""
    return name in available_timezones()


def paces_of(channel: Channel) -> tuple[Pace, ...]:
    """What can be chosen: a line in the page is there or not."""
    return (Pace.NOW, Pace.OFF) if channel is Channel.PAGE else tuple(Pace)


def minutes_of(text: str) -> int | None:
    """`22:30` as minutes after midnight.

    >>> minutes_of("22:30"), minutes_of("24:00"), minutes_of("soon")
    (1350, None, None)
    """
    hour, colon, minute = text.partition(":")
    if not colon or not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    found = int(hour[:3]) * 60 + int(minute[:3])
    return found if found < MINUTES and int(minute[:3]) < HOUR else None


def clock_text(minutes: int) -> str:
    """The other way round."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
