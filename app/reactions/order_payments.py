"""What the card provider has said moves an order on."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, OrderId
from app.market.orders.queries import KIND
from app.market.orders.service import follow_payment
from app.payments.escrow.events import PaymentDisputed, PaymentReceived, PaymentReinstated
from app.platform.event_log import Start

NAME = "order_payments"
STARTS = Start.BEGINNING
LISTENS_TO = (PaymentReceived, PaymentDisputed, PaymentReinstated)


def react(event: Event, _event_id: EventId) -> None:
    """The order looks at the ledger itself: once it waits for something else, nothing more happens."""
    if isinstance(event, LISTENS_TO) and event.subject_kind == KIND:
        follow_payment(OrderId(event.subject_id))
