"""What happens to listings."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ListingId, MemberId


@dataclass(frozen=True, kw_only=True)
class ListingPublished(Event):
    """A listing can be found from now on."""

    listing_id: ListingId
    seller_id: MemberId
    kind: str


@dataclass(frozen=True, kw_only=True)
class ListingChanged(Event):
    """Words, price or photos are different now."""

    listing_id: ListingId
    seller_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ListingSold(Event):
    """The seller says that it has found its new home."""

    listing_id: ListingId
    seller_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ListingRemoved(Event):
    """The listing is not shown any more, by the seller's or a moderator's decision."""

    listing_id: ListingId
    seller_id: MemberId
    by_moderator: bool


@dataclass(frozen=True, kw_only=True)
class ListingRestored(Event):
    """A moderator's decision to take it away was undone."""

    listing_id: ListingId
    seller_id: MemberId
