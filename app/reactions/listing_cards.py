"""What becomes of a listing is said in the conversations about it."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.kernel.subjects import Subject
from app.market.listings.events import ListingRemoved, ListingSold
from app.messaging.conversations.queries import about_listing
from app.messaging.conversations.service import post_card
from app.messaging.conversations.values import CardKind
from app.platform.event_log import Start

NAME = "listing_cards"
STARTS = Start.HEAD
LISTENS_TO = (ListingSold, ListingRemoved)


def react(event: Event, _event_id: EventId) -> None:
    """Say it once in each, by the seller; the card itself tells whoever talks there."""
    if isinstance(event, ListingSold):
        kind = CardKind.SOLD
    elif isinstance(event, ListingRemoved):
        kind = CardKind.WITHDRAWN
    else:
        return
    for conversation_id in about_listing(event.listing_id):
        post_card(
            event.seller_id,
            conversation_id,
            kind,
            key=f"{kind.value}:{event.listing_id}",
            subject=Subject("listing", event.listing_id),
        )
