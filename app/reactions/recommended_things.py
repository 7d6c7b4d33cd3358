"""The items that stand for listings and stores follow what becomes of these."""

from __future__ import annotations

from app.community.subject_items.service import follow
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.kernel.subjects import Subject
from app.market.listings.events import ListingChanged, ListingRemoved, ListingRestored
from app.merchants.stores.events import StoreClosed, StoreReopened
from app.platform.event_log import Start

NAME = "recommended_things"
STARTS = Start.BEGINNING
LISTENS_TO = (ListingChanged, ListingRemoved, ListingRestored, StoreClosed, StoreReopened)


def react(event: Event, _event_id: EventId) -> None:
    """A removed listing or a closed store takes what was said of it along, and brings it back."""
    if isinstance(event, ListingChanged | ListingRemoved | ListingRestored):
        follow(Subject("listing", event.listing_id))
    elif isinstance(event, StoreClosed | StoreReopened):
        follow(Subject("store", event.store_id))
