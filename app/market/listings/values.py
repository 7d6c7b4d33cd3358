"""What a listing can be, and the small values that its pages and the API share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.kernel.ids import ListingId, PhotoId
from app.kernel.money import Money
from app.kernel.places import TownPoint
from app.kernel.vocabulary import OTHER
from app.market.audiences.values import EVERYONE, SHOWN_TO_ALL, Shown
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MAX_PHOTOS = 10
MAX_ALT_LENGTH = 200
TITLE_LENGTH = 120
TEXT_LENGTH = 6000
PLACE_LENGTH = 80
RADII = (5, 10, 25, 50)  # kilometres around a place
MOST_KM = 500  # that a program may ask for
# Nobody asks for more; it also keeps the minor units far from any column's limit.
HIGHEST_MAJOR = 10_000_000

CURRENCIES = (
    *("EUR", "USD", "GBP", "SEK", "NOK", "DKK", "CHF", "PLN", "CZK", "HUF", "TRY", "ISK"),
    *("CAD", "AUD", "NZD", "JPY", "CNY", "TWD", "HKD", "KRW", "INR", "BRL", "MXN", "ZAR"),
)


class ListingKind(StrEnum):
    SALE = "sale"
    AUCTION = "auction"
    SWAP = "swap"
    GIVE = "give"
    WANTED = "wanted"
    SERVICE = "service"


class Condition(StrEnum):
    NEW = "new"
    LIKE_NEW = "like_new"
    GOOD = "good"
    FAIR = "fair"
    FOR_PARTS = "for_parts"


class Status(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    RESERVED = "reserved"  # by an order that is under way
    SOLD = "sold"
    REMOVED = "removed"


class Sort(StrEnum):
    NEWEST = "newest"
    CHEAPEST = "price"
    TRUST = "trust"
    NEAREST = "near"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """What a seller says about the thing; the rules make it fit or refuse it."""

    kind: str
    title: str
    description: str = ""
    category: str = OTHER
    condition: str | None = None
    price: Decimal | str | None = None  # a number, or as somebody typed it
    currency: str = "EUR"
    place: str = ""
    # Who sees it: people at most so many steps from the seller, one step more every so many days.
    audience: int = EVERYONE
    widen_days: int = 0
    widen_to: int = EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingCard:
    """One listing among many."""

    id: ListingId
    kind: str
    title: str
    category: str
    condition: str | None
    price: Money | None
    place: str
    status: str
    cover_id: PhotoId | None
    seller: MemberCard
    created_at: datetime
    saved: bool = False
    mine: bool = False
    trail: Trail | None = None
    kilometres: int | None = None  # from the viewer's own town, where both are known

    @property
    def url(self) -> str:
        return f"/market/{self.id}"

    @property
    def photo_url(self) -> str | None:
        return f"/media/{self.cover_id}/card.webp" if self.cover_id else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of a listing, in the seller's order."""

    id: PhotoId
    width: int
    height: int
    alt: str = ""  # what is to be seen, in the seller's words

    @property
    def full(self) -> str:
        return f"/media/{self.id}/full.webp"

    @property
    def card(self) -> str:
        return f"/media/{self.id}/card.webp"

    @property
    def thumb(self) -> str:
        return f"/media/{self.id}/thumb.webp"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDetail:
    """All of one listing."""

    card: ListingCard
    description: str
    updated_at: datetime
    pictures: Sequence[Picture]
    saves: int
    town: TownPoint | None = None  # that its place means
    shown: Shown = SHOWN_TO_ALL  # what only the seller is told


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFilter:
    """What somebody looks for. `hops` is the farthest trust distance, None for anybody.

    `currency` is the one that `max_price` is in and that the cheapest begin with. `max_km` counts from the
    town of `near`, else from the viewer's own; without it, or where no such town is known, `near` is a word of
    the place.
    """

    q: str = ""
    category: str | None = None
    kind: str | None = None
    max_price: Money | None = None
    currency: str | None = None
    near: str = ""
    max_km: int | None = None
    hops: int | None = None
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, slots=True)
class Farther:
    """How many match but lie farther away than asked; `more`: they are at least so many."""

    number: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class MarketPage:
    """One page of the market; `hidden` listings match but lie beyond the trust distance.

    Both are counted up to one more than `MAX_COUNTED`.
    `corrected` are the words that were searched in the place of misspelt ones. `centre` is the town that
    distances are counted from, None where it is not known.
    """

    items: Sequence[ListingCard]
    next: str | None
    shown: int
    hidden: int
    corrected: str | None = None
    centre: TownPoint | None = None
    farther: Farther = Farther()
