"""One entry of the feed, with the reason why it is there, and what a member has told the feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.community.recommendations.values import Marks, RecommendationView
from app.kernel.ids import ItemId, MemberId
from app.market.listings.values import ListingCard
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MAX_HIDDEN = 99  # counted up to here
CIRCLE, EXPLORE = "circle", "explore"
MODES = (CIRCLE, EXPLORE)
RECOMMENDATION, LISTING = "recommendation", "listing"
MAX_TOPICS = 12


class Choice(StrEnum):
    """What a member can tell the feed about an entry."""

    HIDE = "hide"  # target: kind:id of the entry
    LESS = "less"  # target: a category
    TASTE = "taste"  # target: a member's id; trusted, but with another taste


# Kept beside the choices: the first steps are not to be shown any more.
CHECKLIST, DISMISSED = "checklist", "dismissed"


class Reason(StrEnum):
    """Why an entry is shown."""

    CIRCLE = "circle"  # somebody the viewer trusts
    TASTE = "taste"  # goes with what the viewer recommends
    POPULAR = "popular"  # recommended by members of standing
    TOPIC = "topic"  # a topic that the viewer has chosen
    NEW = "new"  # nothing but its date


class Candidate(NamedTuple):
    """What ranking needs to know of an entry; a tuple, as a page weighs hundreds."""

    kind: str
    id: str
    author_id: MemberId
    at: datetime
    category: str
    stance: str | None = None
    disclosure: str = "none"
    verified: bool = False
    item_id: ItemId | None = None

    @property
    def target(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the feed knows of its reader: settings, choices, blocks, and own liked items."""

    mode: str = CIRCLE
    personal: bool = True
    topics: frozenset[str] = frozenset()  # what was ticked, and all below
    ticked: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    hidden_items: frozenset[ItemId] = frozenset()  # of hidden recommendations
    less: frozenset[str] = frozenset()
    other_taste: frozenset[MemberId] = frozenset()
    unseen: frozenset[MemberId] = frozenset()  # blocked in either direction, or muted
    liked: Mapping[str, str] = field(default_factory=dict)  # own liked items: id to title
    chosen: bool = False  # whether the member has ever set anything
    photo: bool = False  # whether the member shows one
    vouches: bool = False  # whether the member vouches for anybody
    dismissed: bool = False  # the checklist of first steps

    @property
    def first_steps(self) -> tuple[bool, bool, bool, bool] | None:
        """Which are done: photo, vouch, recommendation, interests; None when all are, or the list was dismissed."""
        steps = (self.photo, self.vouches, bool(self.liked), bool(self.topics))
        return None if self.dismissed or all(steps) else steps


class Ranked(NamedTuple):
    """A candidate in its place, and what put it there."""

    candidate: Candidate
    value: float
    trust: float
    reason: Reason
    because: str | None = None  # an item's id (taste) or a topic


class Near(NamedTuple):
    """One suggestion of the taste model."""

    score: float  # 1 for the best one
    reason: Reason
    because: str | None = None  # the title of what it goes with


@dataclass(frozen=True, slots=True)
class Tastes:
    """Suggested items by id, and the model that suggests them."""

    near: Mapping[ItemId, Near] = field(default_factory=dict)
    stamp: str = ""


class Card(NamedTuple):
    """One thing: whose word for it leads, and further words for the same."""

    first: Ranked
    further: tuple[Ranked, ...] = ()

    @property
    def all(self) -> tuple[Ranked, ...]:
        return (self.first, *self.further)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`said` or `listing`, whose it is, and how the viewer knows them.

    `marks` are the numbers on the buttons of `said`. `further` are others' words for the same thing, as far
    as they are shown, and `unshown` says how many more there are.
    """

    kind: str
    id: str
    at: datetime
    member: MemberCard
    trail: Trail | None
    score: float
    reason: Reason = Reason.NEW
    because: str | None = None
    said: RecommendationView | None = None
    listing: ListingCard | None = None
    marks: Marks | None = None
    further: tuple[Entry, ...] = ()
    unshown: int = 0

    @property
    def url(self) -> str:
        if self.said is not None:
            return self.said.item_url
        return f"/market/{self.id}"

    @property
    def target(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def title(self) -> str:
        return self.said.item_title if self.said else self.listing.title if self.listing else ""

    @property
    def photo_url(self) -> str | None:
        return self.said.item_card_url if self.said else self.listing.photo_url if self.listing else None

    @property
    def stance(self) -> str | None:
        return self.said.stance if self.said else None

    @property
    def disclosure(self) -> str | None:
        return self.said.disclosure if self.said else None

    @property
    def sale(self) -> str | None:
        """The kind of a listing."""
        return self.listing.kind if self.listing else None

    @property
    def category(self) -> str:
        if self.said is not None:
            return self.said.item_category
        return self.listing.category if self.listing else ""

    def as_json(self) -> dict[str, object]:
        answer: dict[str, object] = {
            "kind": self.kind,
            "id": self.id,
            "at": self.at.isoformat(),
            "member": self.member.handle,
            "why": {
                "reason": str(self.reason),
                "because": self.because,
                "score": self.score,
                "distance": self.trail.distance if self.trail else None,
                "path": self.trail.handles if self.trail else None,
                "endorsers": [one.member.handle for one in (self, *self.further) if one.stance == self.stance],
            },
        }
        if self.said is not None:
            answer |= {
                "item": self.said.item_id,
                "title": self.said.item_title,
                "stance": self.said.stance,
                "disclosure": self.said.disclosure,
            }
        if self.listing is not None:
            answer |= {"listing": self.listing.id, "title": self.listing.title}
        return answer


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page; `hidden` is how much from outside the circle was filtered out, if it was.

    `beyond` is what others say, for a circle that is still quiet.
    """

    items: list[Entry]
    next: str | None
    hidden: int = 0
    mode: str = CIRCLE
    personal: bool = True
    beyond: list[Entry] = field(default_factory=list)
    topics: tuple[str, ...] = ()
    remembered: str | None = None
    first_steps: tuple[bool, bool, bool, bool] | None = None
