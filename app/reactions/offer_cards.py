"""What is said in an offer stands in the conversation about it, each once; the card itself shows what it is now."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId
from app.kernel.subjects import Subject
from app.market.offers.events import (
    OfferAccepted,
    OfferCountered,
    OfferDeclined,
    OfferEnded,
    OfferMade,
    OfferWithdrawn,
)
from app.market.offers.queries import KIND, conversation_of
from app.market.offers.values import Side
from app.messaging.conversations.service import post_card
from app.messaging.conversations.values import CardKind
from app.platform.event_log import Start

NAME = "offer_cards"
STARTS = Start.HEAD
LISTENS_TO = (OfferMade, OfferCountered, OfferAccepted, OfferDeclined, OfferWithdrawn, OfferEnded)


def react(event: Event, event_id: EventId) -> None:
    """The bell says it already: the card is no news of its own."""
    match event:
        case OfferMade():
            _post(event, event.buyer_id, event_id, CardKind.OFFER_MADE, _amount(event))
        case OfferCountered():
            _post(event, _actor(event, event.by), event_id, CardKind.OFFER_MADE, _amount(event))
        case OfferAccepted():
            verb = {"verb": "house" if event.by == Side.HOUSE else "accept"}
            data = {key: value for key, value in _amount(event).items() if key != "bid"}
            _post(event, _actor(event, event.by), event_id, CardKind.OFFER_STEP, verb | data)
        case OfferDeclined() | OfferWithdrawn():
            verb = {"verb": "decline" if isinstance(event, OfferDeclined) else "withdraw"}
            _post(event, _actor(event, event.by), event_id, CardKind.OFFER_STEP, verb | {"back": event.bid})
        case OfferEnded():
            _post(event, event.seller_id, event_id, CardKind.OFFER_STEP, {"verb": "end"})


Said = OfferMade | OfferCountered | OfferAccepted | OfferDeclined | OfferWithdrawn | OfferEnded


def _amount(event: OfferMade | OfferCountered | OfferAccepted) -> dict[str, str | int]:
    return {"amount_minor": event.amount_minor, "currency": event.currency, "bid": event.bid}


def _actor(event: Said, by: str) -> MemberId:
    return event.buyer_id if by == Side.BUYER else event.seller_id


def _post(event: Said, actor: MemberId, event_id: EventId, kind: CardKind, data: Mapping[str, str | int]) -> None:
    place = conversation_of(event.offer_id)
    if place is not None:
        key = f"offer:{event_id}"
        post_card(actor, place, kind, key=key, subject=Subject(KIND, event.offer_id), data=data, quiet=True)
