"""Stances, disclosures, and what a page shows of an endorsement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.people.profiles.values import MemberCard

LONGEST_TEXT = 10_000
OWN_SCALE = (1.0, 5.0)


class Stance(StrEnum):
    """What the member advises."""

    RECOMMEND = "recommend"
    NEUTRAL = "neutral"
    AVOID = "avoid"


class Disclosure(StrEnum):
    """Whether the member got something for it."""

    NONE = "none"
    GIFTED = "gifted"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many say what."""

    recommend: int = 0
    neutral: int = 0
    avoid: int = 0

    @property
    def total(self) -> int:
        return self.recommend + self.neutral + self.avoid


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """What one trusted member says of an item, and how the viewer knows them."""

    id: str
    member: MemberCard
    stance: str
    rating: float | None
    rating_max: float | None
    text: str
    text_html: str
    score: float
    distance: int
    # A trust.circle Trail: this wing's values know no page.
    trail: object
    path: list[str | None]
    verified_purchase: bool
    disclosure: str
    at: datetime

    def as_json(self) -> dict[str, object]:
        return {
            "member": self.member.handle,
            "stance": self.stance,
            "rating": self.rating,
            "text": self.text,
            "score": self.score,
            "distance": self.distance,
            "path": self.path,
            "verified_purchase": self.verified_purchase,
            "disclosure": self.disclosure,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsements:
    """An item's word of mouth for one viewer: trusted people first, everybody else counted."""

    item_id: str
    trusted: tuple[Endorsement, ...]
    independent_ways: int
    others: Counts
    # How many of the trusted recommend it, and how many have a say but are not in `trusted`.
    recommending: int
    further: int = 0

    def as_json(self) -> dict[str, object]:
        """The one form in which the API and the command line give it."""
        return {
            "item": self.item_id,
            "trusted": [one.as_json() for one in self.trusted],
            "independent_ways": self.independent_ways,
            "others": {
                "recommend": self.others.recommend,
                "neutral": self.others.neutral,
                "avoid": self.others.avoid,
            },
        }


@dataclass(frozen=True, slots=True)
class Glance:
    """An item's word of mouth in one line: how many trusted recommend it, and the way to the best."""

    recommending: int = 0
    # A trust.circle Trail, or None.
    trail: object = None
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A recommendation on its author's profile or in a feed."""

    id: str
    item_id: str
    item_title: str
    item_category: str
    item_photo_url: str | None
    member_id: int
    stance: str
    rating: float | None
    rating_max: float | None
    text: str
    text_html: str
    disclosure: str
    at: datetime

    @property
    def item_url(self) -> str:
        return f"/items/{self.item_id}"
