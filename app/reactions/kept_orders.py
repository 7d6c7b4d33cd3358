"""Every order that is over counts in the records of its two sides."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.bookings.events import NoShowNoted
from app.market.orders.events import OrderCancelled, OrderCompleted
from app.market.records.service import note_no_show, note_order
from app.platform.event_log import Start

NAME = "kept_orders"
STARTS = Start.BEGINNING
LISTENS_TO = (OrderCompleted, OrderCancelled, NoShowNoted)


def react(event: Event, _event_id: EventId) -> None:
    """As the tables say now, so the order of events does not matter."""
    match event:
        case OrderCompleted() | OrderCancelled():
            note_order(event.order_id)
        case NoShowNoted():
            note_no_show(event.order_id, event.member_id)
