"""Buyer and seller hear what the other has done with their offer, when it ends, and when its time runs out."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, ListingId, MemberId, OfferId
from app.kernel.subjects import Subject
from app.market.offers.events import (
    OfferAccepted,
    OfferCountered,
    OfferDeclined,
    OfferEnded,
    OfferEndsSoon,
    OfferMade,
    OfferWithdrawn,
)
from app.market.offers.queries import KIND, open_ids_about, people_of, title_of
from app.market.offers.values import Side
from app.market.orders.events import OrderPlaced
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import OFFER, OFFER_ACCEPTED, OFFER_ANSWERED, OFFER_DUE, OFFER_ENDED
from app.platform.event_log import Start

NAME = "notify_offers"
STARTS = Start.HEAD
LISTENS_TO = (
    OfferMade,
    OfferCountered,
    OfferAccepted,
    OfferDeclined,
    OfferWithdrawn,
    OfferEnded,
    OfferEndsSoon,
    OrderPlaced,
)


def concerns(event: Event) -> bool:
    """Of orders only what may stand in the way of offers."""
    return not isinstance(event, OrderPlaced) or event.thing_kind == "listing"


def react(event: Event, event_id: EventId) -> None:
    """Each is told once, of what somebody else has done."""
    match event:  # one line for each
        case OfferMade():
            _tell(event.offer_id, event.seller_id, event.buyer_id, OFFER, event_id)
        case OfferCountered() | OfferDeclined() | OfferWithdrawn():
            _tell_other(event, OFFER_ANSWERED, event_id)
        case OfferAccepted():
            if event.by != Side.BUYER:
                _tell(event.offer_id, event.buyer_id, event.seller_id, OFFER_ACCEPTED, event_id)
            if event.by != Side.SELLER:
                _tell(event.offer_id, event.seller_id, event.buyer_id, OFFER_ACCEPTED, event_id)
        case OfferEnded():
            _tell(event.offer_id, event.buyer_id, event.seller_id, OFFER_ENDED, event_id)
            _tell(event.offer_id, event.seller_id, event.buyer_id, OFFER_ENDED, event_id)
        case OfferEndsSoon():
            _tell(event.offer_id, event.member_id, event.other_id, OFFER_DUE, event_id)
        case OrderPlaced():
            _tell_waiting(event, event_id)


def _tell_waiting(event: OrderPlaced, event_id: EventId) -> None:
    """It is reserved for somebody else: their offers stay until it is sold."""
    for offer_id in open_ids_about(ListingId(event.thing_id)):
        two = people_of(offer_id)
        if two is not None and two[0] != event.buyer_id:
            _tell(offer_id, two[0], two[1], OFFER_ENDED, event_id)


def _tell_other(event: OfferCountered | OfferDeclined | OfferWithdrawn, kind: str, event_id: EventId) -> None:
    to, by = event.seller_id, event.buyer_id
    if event.by == Side.SELLER:
        to, by = by, to
    _tell(event.offer_id, to, by, kind, event_id)


def _tell(offer_id: OfferId, member_id: MemberId, by: MemberId, kind: str, event_id: EventId) -> None:
    title = title_of(offer_id)
    if title is None:
        return
    notify(
        member_id,
        kind,
        Subject(KIND, offer_id),
        key=f"{kind}:{offer_id}:{event_id}",
        actor_id=by,
        data={"title": title, "url": f"/offers/{offer_id}"},
    )
