"""A ring as the moderators see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.kernel.ids import RingId
from app.people.profiles.values import MemberCard


class RingStatus(StrEnum):
    """Open until a moderator decided, or until it is a ring no more."""

    OPEN = "open"
    DISMISSED = "dismissed"
    REPORTED = "reported"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Figures:
    """The evidence in numbers."""

    density: float  # of all pairs, how many vouch for each other
    closed: float  # of the trust they receive, how much is their own
    joined_within: float | None  # seconds between the first and the last to join
    alike: float | None  # how alike what they recommend is
    suspicion: float  # for the order of the list only
    outsiders: int  # who outside vouches for any of them


@dataclass(frozen=True, slots=True)
class RingCard:
    """One line of the list."""

    id: RingId
    status: RingStatus
    figures: Figures
    faces: tuple[MemberCard, ...]  # a few
    size: int
    found_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class RingMemberView:
    """One of them."""

    member: MemberCard
    joined_at: datetime
    suspended: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A member's place in the picture."""

    member: MemberCard
    x: float
    y: float
    label_x: float
    label_y: float
    side: str  # where the label begins: start, middle or end


@dataclass(frozen=True, slots=True)
class Stroke:
    """A vouch, or two that answer each other."""

    x1: float
    y1: float
    x2: float
    y2: float
    mutual: bool
    full: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The members in a circle with the vouches among them, and those whom outsiders trust too."""

    size: int
    radius: int
    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]
    outside: tuple[Stroke, ...]

    @property
    def middle(self) -> float:
        return self.size / 2


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that several of them recommend."""

    title: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class RingDetail:
    """All of one finding."""

    card: RingCard
    members: tuple[RingMemberView, ...]
    shared: tuple[Shared, ...]
    picture: Picture
    mutual_pairs: int
