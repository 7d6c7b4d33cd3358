"""Buyer and seller hear what the other has done with their order, and when a time runs out."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.orders.events import (
    MeetingAgreed,
    MeetingProposed,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderDeadlineNear,
    OrderHandedOver,
    OrderPlaced,
    OrderReceived,
    OrderShipped,
)
from app.market.orders.queries import KIND, title_of
from app.market.orders.values import BY_SELLER, Who
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import ORDER_CHANGED, ORDER_DUE, ORDER_PLACED
from app.platform.event_log import Start

NAME = "notify_orders"
STARTS = Start.HEAD
LISTENS_TO = (
    OrderPlaced,
    OrderConfirmed,
    MeetingProposed,
    MeetingAgreed,
    OrderHandedOver,
    OrderShipped,
    OrderReceived,
    OrderCompleted,
    OrderCancelled,
    OrderDeadlineNear,
)


def react(event: Event, event_id: EventId) -> None:
    """Each is told once, of what somebody else has done."""
    match event:
        case OrderPlaced() if event.source_kind != BY_SELLER:
            _tell(event.order_id, event.seller_id, event.buyer_id, ORDER_PLACED, event_id)
        case MeetingProposed() | MeetingAgreed():
            _tell(event.order_id, event.other_id, event.member_id, ORDER_CHANGED, event_id)
        case OrderConfirmed() | OrderShipped() | OrderHandedOver():
            _tell(event.order_id, event.buyer_id, event.seller_id, ORDER_CHANGED, event_id)
        case OrderReceived():
            _tell(event.order_id, event.seller_id, event.buyer_id, ORDER_CHANGED, event_id)
        case OrderCompleted() | OrderCancelled():
            if event.by != Who.SELLER:
                _tell(event.order_id, event.seller_id, event.buyer_id, ORDER_CHANGED, event_id)
            if event.by != Who.BUYER:
                _tell(event.order_id, event.buyer_id, event.seller_id, ORDER_CHANGED, event_id)
        case OrderDeadlineNear():
            _tell(event.order_id, event.member_id, event.other_id, ORDER_DUE, event_id)


def _tell(order_id: OrderId, member_id: MemberId, by: MemberId, kind: str, event_id: EventId) -> None:
    title = title_of(order_id)
    if title is None:
        return
    notify(
        member_id,
        kind,
        Subject(KIND, order_id),
        key=f"{kind}:{order_id}:{event_id}",
        actor_id=by,
        data={"title": title, "url": f"/orders/{order_id}"},
    )
