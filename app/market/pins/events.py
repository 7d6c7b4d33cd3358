"""What members put on top of their profiles."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import ListingId, MemberId


@dataclass(frozen=True, kw_only=True)
class ListingPinned(Event):
    """A listing stands on top of its seller's profile, instead of any other."""

    listing_id: ListingId
    seller_id: MemberId


@dataclass(frozen=True, kw_only=True)
class ListingUnpinned(Event):
    """It stands among the others again, by the seller's wish or because it is sold or removed."""

    listing_id: ListingId
    seller_id: MemberId
