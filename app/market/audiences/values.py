"""Whom a listing is shown to, counted in steps from its seller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MAX_STEPS: Final = 3  # farther away people are strangers: that is everyone
EVERYONE: Final = 0
WIDEN_DAYS: Final = (1, 3, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """`steps` away at most, 0 is everyone; one step more every `days` up to `most`, without days it stays so."""

    steps: int = EVERYONE
    days: int | None = None
    most: int = EVERYONE

    @property
    def wider(self) -> Audience:
        """As it is after the next widening."""
        following = self.steps + 1
        if following > MAX_STEPS:
            return TO_EVERYONE
        if following == self.most:
            return Audience(steps=following)
        return Audience(steps=following, days=self.days, most=self.most)

    @property
    def every(self) -> timedelta | None:
        """How long until it is widened; None when it stays so."""
        return timedelta(days=self.days) if self.steps and self.days else None


TO_EVERYONE: Final = Audience()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """For the seller: the audience, when it grows, and about how many people it is."""

    audience: Audience = TO_EVERYONE
    widens_at: datetime | None = None
    people: int | None = None  # none: everyone


SHOWN_TO_ALL: Final = Shown()
