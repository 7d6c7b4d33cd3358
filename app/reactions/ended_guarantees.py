"""When a deal is over nobody stands in for it any more."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.guarantees.service import release_within
from app.market.orders.events import OrderCancelled, OrderCompleted
from app.platform.event_log import Start

NAME = "ended_guarantees"
STARTS = Start.HEAD
LISTENS_TO = (OrderCompleted, OrderCancelled)


def react(event: Event, _event_id: EventId) -> None:
    """What a decision has called is no promise any more, and stays."""
    if isinstance(event, OrderCompleted | OrderCancelled):
        release_within(event.order_id)
