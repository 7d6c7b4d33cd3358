"""What becomes of an order is said in the conversation of the two about it, where there is one."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, ListingId, MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.orders.events import (
    MeetingAgreed,
    MeetingProposed,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderHandedOver,
    OrderPlaced,
    OrderReceived,
    OrderShipped,
)
from app.market.orders.queries import KIND, find_row, is_set_aside
from app.market.orders.values import BY_SELLER, Who
from app.messaging.conversations.queries import between
from app.messaging.conversations.service import post_card
from app.messaging.conversations.values import CardKind
from app.platform.event_log import Start

NAME = "order_cards"
STARTS = Start.HEAD
# Who has done it, and how it is called.
_BUYERS = {OrderPlaced: "placed", OrderReceived: "received"}
_SELLERS = {OrderConfirmed: "confirmed", OrderHandedOver: "handed_over", OrderShipped: "shipped"}
LISTENS_TO = (*_BUYERS, *_SELLERS, MeetingProposed, MeetingAgreed, OrderCompleted, OrderCancelled)


def react(event: Event, event_id: EventId) -> None:
    """The bell says it already: the card is no news of its own."""
    match event:
        case OrderPlaced() if event.source_kind == BY_SELLER:
            _post(event.order_id, event.seller_id, "reserved", event_id)
        case OrderConfirmed() if is_set_aside(event.order_id):
            pass  # said with the one before
        case OrderPlaced() | OrderReceived():
            _post(event.order_id, event.buyer_id, _BUYERS[type(event)], event_id)
        case OrderConfirmed() | OrderHandedOver() | OrderShipped():
            _post(event.order_id, event.seller_id, _SELLERS[type(event)], event_id)
        case MeetingProposed() | MeetingAgreed():
            step = "proposed" if isinstance(event, MeetingProposed) else "agreed"
            _post(event.order_id, event.member_id, step, event_id)
        case OrderCompleted() | OrderCancelled():
            step = "completed" if isinstance(event, OrderCompleted) else "cancelled"
            actor = event.buyer_id if event.by == Who.BUYER else event.seller_id
            _post(event.order_id, actor, step, event_id)


def _post(order_id: OrderId, actor: MemberId, step: str, event_id: EventId) -> None:
    row = find_row(order_id)
    if row is None:
        return
    place = row.conversation_id
    if place is None and row.thing_kind == "listing":
        place = between(row.buyer_id, row.seller_id, ListingId(row.thing_id))
    if place is not None:
        post_card(
            actor,
            place,
            CardKind.ORDER_STEP,
            key=f"order:{event_id}",
            subject=Subject(KIND, order_id),
            data={"step": step},
            quiet=True,
        )
