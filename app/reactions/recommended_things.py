"""The items that stand for listings and stores follow what becomes of these."""

from __future__ import annotations

from app.community.subject_items.service import follow
from app.kernel.events import Event
from app.kernel.subjects import Subject
from app.market.listings.events import ListingChanged, ListingRemoved
from app.merchants.stores.events import StoreClosed
from app.platform.event_log import Start

NAME = "recommended_things"
STARTS = Start.BEGINNING
LISTENS_TO = (ListingChanged, ListingRemoved, StoreClosed)


def react(event: Event, _event_id: int) -> None:
    """A removed listing or a closed store takes what was said of it along."""
    if isinstance(event, ListingChanged | ListingRemoved):
        follow(Subject("listing", event.listing_id))
    elif isinstance(event, StoreClosed):
        follow(Subject("store", event.store_id))
