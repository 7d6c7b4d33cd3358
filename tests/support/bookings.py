"""A service of Bo's with times to book, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.kernel.ids import ListingId, MemberId
from app.market.bookings.values import SlotPlan
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft


def service_of(seller: MemberId, title: str = "Bicycle repair", price: str | None = "30") -> ListingId:
    """Something that is done, at a price."""
    draft = ListingDraft(kind="service", title=title, category="other", price=price, currency="EUR", place="Lund")
    return publish_listing(seller, draft)


def plan(first: datetime, **other: Any) -> SlotPlan:
    """An hour at the seller's."""
    return SlotPlan(**{"first": first, "minutes": 60, "place": "At mine", **other})
