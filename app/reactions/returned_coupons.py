"""An order that is called off gives its coupon back."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId
from app.market.orders.events import OrderCancelled
from app.merchants.coupons.service import give_back
from app.platform.event_log import Start

NAME = "returned_coupons"
STARTS = Start.BEGINNING
LISTENS_TO = (OrderCancelled,)


def react(event: Event, _event_id: EventId) -> None:
    """A second time finds nothing to give back."""
    if isinstance(event, OrderCancelled):
        give_back(event.order_id)
