"""What a member searches for, and what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.community.items.values import ItemView
from app.kernel.money import Money
from app.market.listings.values import ListingCard
from app.messaging.groups.values import RoomView
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

LISTING, ITEM, MEMBER, ROOM = "listing", "item", "member", "room"
KINDS: Final = (LISTING, ITEM, MEMBER, ROOM)
MAX_QUESTION_LENGTH = 100
CIRCLE: Final = 99  # hops: everybody who carries weight, however far


class Order(StrEnum):
    """`best` is by the words as long as that says something, else the newest."""

    BEST = "best"
    NEWEST = "newest"
    PRICE = "price"
    TRUST = "trust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Words and filters. `hops` is the farthest trust distance; `exact` takes the words as typed.

    `currency` is the one that `max_price` is in and that the cheapest begin with.
    """

    q: str = ""
    kind: str | None = None
    category: str | None = None
    offer: str | None = None
    max_price: Money | None = None
    currency: str | None = None
    near: str = ""
    hops: int | None = None
    order: Order = Order.BEST
    exact: bool = False

    def parameters(self) -> dict[str, str]:
        """As they stand in an address, only what is set."""
        distance = "circle" if self.hops == CIRCLE else self.hops
        given = {
            "q": self.q,
            "kind": self.kind,
            "category": self.category,
            "offer": self.offer,
            "max_price": f"{self.max_price.major.normalize():f}" if self.max_price is not None else None,
            "currency": self.currency,
            "near": self.near,
            "distance": distance,
            "sort": None if self.order is Order.BEST else self.order.value,
            "exact": "1" if self.exact else None,
        }
        return {name: str(value) for name, value in given.items() if value not in (None, "")}

    @property
    def filtered(self) -> bool:
        """Whether something besides the words and the kind narrows it."""
        return bool(self.category or self.offer or self.near) or (self.max_price, self.hops) != (None, None)


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item, and the nearest person who recommends it."""

    item: ItemView
    recommending: int = 0
    trail: Trail | None = None


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A member, and the way to them."""

    member: MemberCard
    trail: Trail | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of one kind, and how many of each kind there are.

    `corrected` are the words that were searched instead of the typed ones, `instead` words that
    would find more; `hidden` is how many lie beyond the trust distance.
    """

    wanted: Wanted
    kind: str
    counts: dict[str, int]
    hidden: int = 0
    corrected: str | None = None
    instead: str | None = None
    next: str | None = None
    listings: Sequence[ListingCard] = ()
    items: Sequence[FoundItem] = ()
    members: Sequence[FoundMember] = ()
    rooms: Sequence[RoomView] = ()

    @property
    def nothing(self) -> bool:
        return not (self.listings or self.items or self.members or self.rooms)
