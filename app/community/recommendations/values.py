"""Stances, disclosures, and what a page shows of an endorsement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.community.purchases.values import Source
from app.kernel.ids import ItemId, MemberId, PhotoId, RecommendationId
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MAX_TEXT_LENGTH = 10_000
MAX_ALT_LENGTH = 200
MAX_PHOTOS = 5
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


class Word(NamedTuple):
    """As much of a recommendation as its rank needs; `at` as the database gave it."""

    member_id: MemberId
    stance: str
    disclosure: str
    verified: bool
    at: datetime | str


@dataclass(frozen=True, slots=True)
class RecommendationPhotoView:
    """A stored photo and what is to be seen on it."""

    id: PhotoId
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Shot:
    """A recommendation's photo with its addresses, for pages."""

    id: PhotoId
    thumb: str
    full: str
    alt: str

    def as_json(self) -> dict[str, str]:
        return {"id": self.id, "thumb": self.thumb, "full": self.full, "alt": self.alt}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many say what; on pages no more than one above `MAX_COUNTED`, and then `shares` tell more."""

    recommend: int = 0
    neutral: int = 0
    avoid: int = 0
    # How some of them divide, where the counts have come to their bound.
    shares: tuple[int, int, int] | None = None

    @property
    def total(self) -> int:
        return self.recommend + self.neutral + self.avoid

    @property
    def bar(self) -> tuple[int, int, int]:
        """What is drawn of them."""
        return self.shares or (self.recommend, self.neutral, self.avoid)


class Shown(NamedTuple):
    """What of an endorsement does not depend on who looks: its HTML is kept by all of it, see `entry`."""

    id: RecommendationId
    member: MemberCard
    stance: str
    rating: float | None
    rating_max: float | None
    text_html: str
    verified_purchase: bool
    # Named as far as the viewer may know them; another name is other HTML.
    bought: tuple[Source, ...]
    disclosure: str
    photos: tuple[Shot, ...]


class Marks(NamedTuple):
    """The numbers and the viewer's own marks on the buttons, whose HTML is kept by all of them."""

    id: RecommendationId
    helpful: int
    comments: int
    helped: bool
    saved: bool

    @property
    def url(self) -> str:
        return f"/recommendations/{self.id}"


class Way(Protocol):
    """A trail of trust.circle: this wing's values know no page."""

    @property
    def handles(self) -> list[str | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """What one member says of an item, and how the viewer knows them."""

    id: RecommendationId
    member: MemberCard
    stance: str
    rating: float | None
    rating_max: float | None
    text: str
    text_html: str
    score: float
    # None where no way leads.
    distance: int | None
    trail: Way | None
    verified_purchase: bool
    disclosure: str
    at: datetime
    # By whose word it was bought; empty where nobody's stands.
    bought: tuple[Source, ...] = ()
    photos: tuple[Shot, ...] = ()
    helpful: int = 0
    # Those that the viewer sees.
    comments: int = 0
    revisions: int = 0
    # What the viewer made of it.
    helped: bool = False
    saved: bool = False

    @property
    def url(self) -> str:
        return f"/recommendations/{self.id}"

    @property
    def shown(self) -> Shown:
        """What is drawn once for all who see it so."""
        return Shown(
            self.id,
            self.member,
            self.stance,
            self.rating,
            self.rating_max,
            self.text_html,
            self.verified_purchase,
            self.bought,
            self.disclosure,
            self.photos,
        )

    @property
    def marks(self) -> Marks:
        """What its buttons show."""
        return Marks(self.id, self.helpful, self.comments, self.helped, self.saved)

    @property
    def path(self) -> list[str | None]:
        """Handles along the trail, null for who is not named; empty where no way leads."""
        return self.trail.handles if self.trail else []

    def as_json(self) -> dict[str, object]:
        """Who confirms a purchase stands beside it where there is one."""
        confirmed = {"purchase_confirmed_by": [one.as_json() for one in self.bought]}
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
            **(confirmed if self.bought else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsements:
    """An item's word of mouth for one viewer: trusted people first, everybody else counted."""

    item_id: ItemId
    trusted: tuple[Endorsement, ...]
    independent_ways: int
    others: Counts
    # How many of the trusted recommend it, and how many have a say but are not in `trusted`.
    recommending: int
    further: int = 0
    # Whether those who recommend it are known without anybody in between; else who stands on all the ways to them.
    direct: bool = False
    through: MemberCard | None = None
    # A page of the others, where it was asked for, and where the next one starts.
    everybody: tuple[Endorsement, ...] = ()
    everybody_next: int | None = None
    mine: Endorsement | None = None

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
    trail: Trail | None = None
    # Counted only where nobody trusted recommends it, at most to one above `MAX_COUNTED`.
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationView:
    """A recommendation on its author's profile or in a feed."""

    id: RecommendationId
    item_id: ItemId
    item_title: str
    item_category: str
    item_photo_id: PhotoId | None
    member_id: MemberId
    stance: str
    rating: float | None
    rating_max: float | None
    text: str
    text_html: str
    disclosure: str
    at: datetime
    item_kind: str = "product"
    verified_purchase: bool = False
    helpful: int = 0

    @property
    def url(self) -> str:
        return f"/recommendations/{self.id}"

    @property
    def item_url(self) -> str:
        return f"/items/{self.item_id}"

    @property
    def item_photo_url(self) -> str | None:
        return f"/media/{self.item_photo_id}/thumb.webp" if self.item_photo_id else None

    @property
    def item_card_url(self) -> str | None:
        return f"/media/{self.item_photo_id}/card.webp" if self.item_photo_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What was said, from when to when; the newest has no end."""

    stance: str
    rating: float | None
    rating_max: float | None
    text_html: str
    disclosure: str
    said_at: datetime
    until: datetime | None

    def as_json(self) -> dict[str, object]:
        return {
            "stance": self.stance,
            "rating": self.rating,
            "disclosure": self.disclosure,
            "text_html": str(self.text_html),
            "said_at": self.said_at.isoformat(),
            "until": self.until.isoformat() if self.until else None,
        }
