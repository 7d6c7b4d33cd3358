"""Listings as things that can be recommended, and what becomes of the item that stands for one."""

from __future__ import annotations

from app.community.subject_items.service import put_away, refresh
from app.community.subject_items.values import Recommendable
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.market.listings.events import ListingChanged, ListingRemoved
from app.market.listings.queries import get_listing
from app.merchants.stores.queries import find_store_of

KIND = "listing"
LISTENS_TO = (ListingChanged, ListingRemoved)


def describe(listing_id: str, viewer_id: int | None) -> Recommendable:
    """A merchant's listing belongs to the store, so that its advocates must say what they get."""
    card = get_listing(viewer_id, listing_id).card
    store = find_store_of(card.seller.id)
    return Recommendable(
        title=card.title,
        category=card.category,
        photo_id=card.cover_id,
        url=card.url,
        owner_id=card.seller.id,
        party=Subject("store", store.id) if store else None,
    )


def react(event: Event, _event_id: int) -> None:
    """Another title or picture is taken over; a removed listing takes what was said of it along."""
    if isinstance(event, ListingRemoved):
        put_away(Subject(KIND, event.listing_id))
    elif isinstance(event, ListingChanged):
        try:
            thing = describe(event.listing_id, event.seller_id)
        except NotFound:
            return
        refresh(Subject(KIND, event.listing_id), thing)
