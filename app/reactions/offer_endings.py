"""Offers end with what they are about, and with a block between the two."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.listings.events import ListingRemoved, ListingSold
from app.market.offers.queries import open_ids_about, open_ids_between
from app.market.offers.service import end_within
from app.market.offers.values import Why
from app.people.blocks.events import MemberBlocked
from app.platform.event_log import Start

NAME = "offer_endings"
STARTS = Start.HEAD
LISTENS_TO = (ListingSold, ListingRemoved, MemberBlocked)


def react(event: Event, _event_id: EventId) -> None:
    """Until then it can't be accepted either: whoever does asks the listing and the block."""
    match event:
        case ListingSold():
            ended, why = open_ids_about(event.listing_id), Why.SOLD
        case ListingRemoved():
            ended, why = open_ids_about(event.listing_id), Why.REMOVED
        case MemberBlocked():
            ended, why = open_ids_between(event.blocker_id, event.blocked_id), Why.BLOCKED
        case _:
            return
    for offer_id in ended:
        end_within(offer_id, why)
