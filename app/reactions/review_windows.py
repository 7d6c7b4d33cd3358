"""When an order is completed the two can review each other, and the times of that begin."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.orders.events import OrderCompleted
from app.market.reviews.service import open_window_within
from app.platform.event_log import Start

NAME = "review_windows"
STARTS = Start.HEAD
LISTENS_TO = (OrderCompleted,)


def react(event: Event, _event_id: EventId) -> None:
    """Whoever has written by then has opened it."""
    if isinstance(event, OrderCompleted):
        open_window_within(event.order_id)
