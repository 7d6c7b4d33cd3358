"""The small values of reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.kernel.ids import MemberId, OrderId, PhotoId, ReviewId
from app.market.orders.values import Who
from app.people.profiles.values import MemberCard

MAX_TEXT_LENGTH: Final = 4000
MAX_NOTE_LENGTH: Final = 1000
MAX_ANSWER_LENGTH: Final = 2000
MAX_OFFER_LENGTH: Final = 1000
MAX_PHOTOS: Final = 3
BEST: Final = 5
GOOD: Final = 4  # from here on it is a reason to trust
BAD: Final = 2  # up to here the other side may offer to put it right


class Part(StrEnum):
    """What is rated one by one beside the whole; each is optional."""

    DESCRIBED = "described"
    COMMUNICATION = "communication"
    PUNCTUAL = "punctual"
    PACKAGING = "packaging"


class Time(StrEnum):
    """What comes by the clock after an order is completed."""

    REMIND_WEEK = "remind_week"
    REMIND_DAY = "remind_day"
    UNCOVER = "uncover"
    HAPPY = "happy"


class Remedy(StrEnum):
    """How a bad experience is to be put right."""

    REFUND = "refund"
    REPLACEMENT = "replacement"
    APOLOGY = "apology"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDraft:
    """What an author says; `note` is for moderators only."""

    stars: int
    text: str = ""
    parts: Mapping[str, int | None] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPhotoView:
    """A photo of a review."""

    id: PhotoId
    thumb: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """What the reviewed person says to it."""

    text_html: Any
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryView:
    """An offer to put it right, and what came of it."""

    remedy: Remedy
    text: str
    offered_at: datetime
    done_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """What the author said before."""

    stars: int
    text_html: Any
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review as a viewer sees it; `visible_at` None: only its author does."""

    id: ReviewId
    order_id: OrderId
    author: MemberCard
    about: MemberCard
    role: Who
    stars: int
    parts: Mapping[Part, int]
    text: str
    text_html: Any
    at: datetime
    visible_at: datetime | None
    updated_at: datetime | None
    trail: Any = None
    photos: Sequence[ReviewPhotoView] = ()
    answer: AnswerView | None = None
    recovery: RecoveryView | None = None

    @property
    def url(self) -> str:
        return f"/reviews/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of the latest reviews of somebody; `more`: there are older ones beyond the window."""

    counts: Mapping[int, int]
    more: bool = False

    @property
    def number(self) -> int:
        return sum(self.counts.values())

    @property
    def average(self) -> str:
        """With one place, rounded half up; empty without reviews."""
        if not self.number:
            return ""
        tenths = (sum(stars * many for stars, many in self.counts.items()) * 20 + self.number) // (2 * self.number)
        return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the two are with their reviews of one order, as one of them sees it."""

    order_id: OrderId
    mine: ReviewView | None
    theirs: ReviewView | None
    may_write: bool
    closes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Praise:
    """The part of a profile: counts, and a few reviews, those of people whom the viewer knows first."""

    about_id: MemberId
    selling: Score
    buying: Score
    shown: Sequence[ReviewView] = ()
