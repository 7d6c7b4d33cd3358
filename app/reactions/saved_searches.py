"""A new or changed thing is held against the searches that members keep."""

from __future__ import annotations

from app.community.items.events import ItemAdded
from app.discovery.saved_searches.service import look_for
from app.discovery.search.values import ITEM, LISTING
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.listings.events import ListingChanged, ListingPublished
from app.platform.event_log import Start

NAME = "saved_searches"
STARTS = Start.HEAD
LISTENS_TO = (ListingPublished, ListingChanged, ItemAdded)


def react(event: Event, _event_id: EventId) -> None:
    """Whoever has heard of it does not hear again, however often this runs."""
    if isinstance(event, ListingPublished | ListingChanged):
        look_for(LISTING, event.listing_id)
    elif isinstance(event, ItemAdded):
        look_for(ITEM, event.item_id)
