"""What a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.community.items.values import ItemView
from app.market.listings.values import ListingCard
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

KINDS = ("listing", "item", "member")


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
    """One page of one kind, and how many of each kind there are."""

    q: str
    kind: str
    counts: dict[str, int]
    next: str | None = None
    listings: Sequence[ListingCard] = ()
    items: Sequence[FoundItem] = ()
    members: Sequence[FoundMember] = ()

    @property
    def nothing(self) -> bool:
        return not (self.listings or self.items or self.members)
