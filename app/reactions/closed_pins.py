"""What is sold or removed stands on nobody's profile any more."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.listings.events import ListingRemoved, ListingSold
from app.market.pins.service import unpin_listing
from app.platform.event_log import Start

NAME = "closed_pins"
STARTS = Start.HEAD
LISTENS_TO = (ListingSold, ListingRemoved)


def react(event: Event, _event_id: EventId) -> None:
    """Take the pin away, if there is one."""
    if isinstance(event, ListingSold | ListingRemoved):
        unpin_listing(event.seller_id, event.listing_id)
