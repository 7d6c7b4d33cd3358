"""Strengths of a vouch and the small values that pages show of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.people.profiles.values import MemberCard


class Strength(StrEnum):
    """How far a member puts a name to another."""

    ACQUAINTED = "acquainted"
    TRUST = "trust"
    TRUST_FULLY = "trust_fully"

    @property
    def weight(self) -> float:
        return WEIGHTS[self]


WEIGHTS = {Strength.ACQUAINTED: 0.3, Strength.TRUST: 0.6, Strength.TRUST_FULLY: 1.0}

REASON_LENGTH = 280
TOPIC_LENGTH = 40
IMPORTED = "import"  # what a vouch without a strength is called


@dataclass(frozen=True, slots=True)
class Given:
    """What one member said of another; no strength: the statement was imported."""

    weight: float
    strength: str | None
    reason: str | None
    topic: str | None


@dataclass(frozen=True, slots=True)
class VouchTerms:
    """What a member decides of a vouch: how far, why, about what, until when."""

    strength: str
    reason: str | None = None
    topic: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VouchView:
    """A vouch as a page shows it; `strength` is None for an imported one."""

    truster: MemberCard
    trustee: MemberCard
    weight: float
    strength: Strength | None
    reason: str | None
    topic: str | None
    expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ration:
    """Of one strength: how many vouches a member may have open, how many are, and when the first of them ends."""

    strength: Strength
    limit: int
    used: int
    first_end: datetime | None = None

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class VouchBudget:
    """What a member may still give; it grows with standing, where that is known."""

    rations: tuple[Ration, ...]
    known: bool

    @property
    def usual(self) -> Strength | None:
        """What a new vouch begins with: trust, else what there is left; None where nothing is."""
        left = [one.strength for one in self.rations if one.left]
        return Strength.TRUST if Strength.TRUST in left else next(iter(left), None)

    def of(self, strength: Strength | str) -> Ration:
        return next(one for one in self.rations if one.strength == strength)


@dataclass(frozen=True, slots=True)
class Panel:
    """What a profile shows of vouches: mine for them, and those that others gave."""

    member: MemberCard
    own: bool
    may_vouch: bool
    mine: VouchView | None
    received: tuple[VouchView, ...]
    given: tuple[VouchView, ...]
    received_count: int
    given_count: int


def topic_key(topic: str | None) -> str | None:
    """How a topic is compared: “ Road  Bikes” and “road bikes” are one; None for no topic."""
    if not topic:
        return None
    return " ".join(unicodedata.normalize("NFKC", topic).casefold().split()) or None
