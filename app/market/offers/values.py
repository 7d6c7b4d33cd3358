"""States, verbs and the small values of an offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.kernel.ids import ConversationId, ListingId, MemberId, OfferId, OrderId, PhotoId
from app.kernel.money import Money
from app.people.profiles.values import MemberCard

MAX_NOTE_LENGTH = 500
MAX_ITEMS = 10  # in a bundle
MAX_BIDS = 20  # the first and what was said against it


class State(StrEnum):
    """How far an offer is."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Verb(StrEnum):
    """What is done with an offer; `expire` and `end` by nobody."""

    MAKE = "make"
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    END = "end"


class Side(StrEnum):
    """Who does it; the house: the time ran out, or the seller's own condition was met."""

    BUYER = "buyer"
    SELLER = "seller"
    HOUSE = "house"


class Why(StrEnum):
    """For what reason an offer ended that nobody has answered."""

    TIME = "time"
    SOLD = "sold"
    REMOVED = "removed"
    BLOCKED = "blocked"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a buyer would like to have, for how much, and how it should come."""

    listing_ids: Sequence[ListingId]
    amount: str  # as typed
    currency: str | None = None  # None: that of the listing
    quantity: int = 1
    delivery: str = "meet"
    payment: str = "in_person"
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferItem:
    """One of the things an offer is about, as it was asked for when the offer was made."""

    listing_id: ListingId
    title: str
    photo_id: PhotoId | None
    asked: Money
    quantity: int

    @property
    def url(self) -> str:
        return f"/market/{self.listing_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStepView:
    """One line of the history; with an amount it is a bid."""

    seq: int
    verb: Verb
    side: Side
    at: datetime
    amount: Money | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """One offer among many, as one of the two sees it now."""

    id: OfferId
    state: State
    why: str
    role: Side
    other: MemberCard
    items: Sequence[OfferItem]
    asked: Money
    amount: Money
    bid: int  # which of the steps is on the table
    by: Side
    note: str
    made_at: datetime
    ends_at: datetime
    conversation_id: ConversationId | None
    actions: Sequence[Verb] = ()
    fates: Mapping[int, str] = field(default_factory=dict)  # of each bid, by its number
    back: Money | None = None  # on the table again, when this one is declined or withdrawn

    @property
    def url(self) -> str:
        return f"/offers/{self.id}"

    @property
    def title(self) -> str:
        return self.items[0].title

    @property
    def more(self) -> int:
        """How many things beside the first."""
        return len(self.items) - 1

    @property
    def can(self) -> frozenset[str]:
        return frozenset(one.value for one in self.actions)

    @property
    def mine_to_do(self) -> bool:
        """Whether it waits for whoever looks."""
        return Verb.ACCEPT in self.actions


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDetail:
    """All of one offer, for one of the two."""

    card: OfferCard
    buyer_id: MemberId
    seller_id: MemberId
    delivery: str
    payment: str
    address: str
    steps: Sequence[OfferStepView]
    orders: Sequence[OrderId] = ()
