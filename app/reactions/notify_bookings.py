"""Both hear that a booking is to be moved, was moved or stays, that it is tomorrow, and who did not come."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import BookingId, EventId, MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.bookings.events import BookingMoved, BookingMoveDeclined, BookingMoveProposed, BookingNear, NoShowNoted
from app.market.orders.queries import KIND as ORDER
from app.market.orders.queries import title_of
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import BOOKING_NEAR, ORDER_CHANGED
from app.platform.event_log import Start

NAME = "notify_bookings"
STARTS = Start.HEAD
LISTENS_TO = (BookingMoveProposed, BookingMoved, BookingMoveDeclined, BookingNear, NoShowNoted)


def react(event: Event, event_id: EventId) -> None:
    """Each is told once, of what somebody else has done."""
    match event:
        case BookingMoveProposed() | BookingMoved() | BookingMoveDeclined():
            _tell(ORDER_CHANGED, event.booking_id, event.order_id, event.other_id, event.member_id, event_id)
        case BookingNear():
            _tell(BOOKING_NEAR, event.booking_id, event.order_id, event.member_id, event.other_id, event_id)
        case NoShowNoted():
            _tell(ORDER_CHANGED, event.booking_id, event.order_id, event.member_id, event.by_id, event_id)


def _tell(
    kind: str, booking_id: BookingId, order_id: OrderId, member_id: MemberId, by: MemberId, event_id: EventId
) -> None:
    title = title_of(order_id)
    if title is None:
        return
    notify(
        member_id,
        kind,
        Subject(ORDER, order_id),
        key=f"{kind}:{booking_id}:{event_id}",
        actor_id=by,
        data={"title": title, "url": f"/bookings/{booking_id}"},
    )
