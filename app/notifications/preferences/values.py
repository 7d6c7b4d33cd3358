"""The member's day and wishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.notifications.kinds.values import Channel, Pace, kind_named

UTC_NAME: Final = "UTC"
DIGEST_HOUR: Final = 8
MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class Day:
    """Where the member's clock stands; quiet hours in minutes after midnight, both or none."""

    timezone: str = UTC_NAME
    quiet_from: int | None = None
    quiet_until: int | None = None

    def after_quiet(self, at: datetime) -> datetime:
        """Move a moment to the end of the quiet hours that it falls into; others stay."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return at
        local = at.astimezone(ZoneInfo(self.timezone))
        now = local.hour * 60 + local.minute
        quiet = start <= now < end if start < end else now >= start or now < end
        if not quiet:
            return at
        wake = local.replace(hour=end // 60, minute=end % 60, second=0, microsecond=0)
        if wake <= local:
            wake += timedelta(days=1)
        return wake.astimezone(at.tzinfo)

    def next_digest(self, at: datetime, pace: Pace) -> datetime:
        """The next morning, or the next Monday's, after `at`."""
        local = at.astimezone(ZoneInfo(self.timezone))
        morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
        if morning <= local:
            morning += timedelta(days=1)
        if pace is Pace.WEEKLY:
            morning += timedelta(days=(MONDAY - morning.weekday()) % 7)
        return morning.astimezone(at.tzinfo)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The whole matrix of one member."""

    chosen: Mapping[tuple[str, str], Pace]
    day: Day
    day_is_chosen: bool = False

    def pace(self, kind: str, channel: Channel) -> Pace:
        """What holds for this kind on this channel."""
        spec = kind_named(kind)
        if spec.fixed:
            return Pace.NOW
        return self.chosen.get((kind, channel.value), spec.default(channel))
