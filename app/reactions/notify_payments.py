"""Buyer and seller hear what has become of the money of their order, and sellers of their payouts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.kernel.events import Event
from app.kernel.ids import EventId, OrderId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.orders.queries import KIND, title_of
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import (
    DISPUTE_WON,
    DISPUTED,
    ORDER_CHANGED,
    ORDER_PAID,
    PAYMENT_ARRIVED,
    PAYOUT_SENT,
    REFUNDED,
)
from app.payments.escrow.events import (
    OfPayment,
    PaymentDisputed,
    PaymentMarkedPaid,
    PaymentReceived,
    PaymentRefunded,
    PaymentReinstated,
    RefundPromised,
)
from app.payments.escrow.queries import get_payment
from app.payments.escrow.values import Method
from app.payments.payouts.events import PayoutMade
from app.platform.event_log import Start

NAME = "notify_payments"
STARTS = Start.HEAD
LISTENS_TO = (
    PaymentMarkedPaid,
    PaymentReceived,
    PaymentRefunded,
    PaymentReinstated,
    RefundPromised,
    PaymentDisputed,
    PayoutMade,
)
# What the seller, and what the buyer is told; of a card both, for neither of them did it.
_TOLD: Final[Mapping[type[OfPayment], tuple[str | None, str | None]]] = {
    PaymentMarkedPaid: (ORDER_CHANGED, None),
    PaymentReceived: (ORDER_PAID, PAYMENT_ARRIVED),
    PaymentRefunded: (REFUNDED, REFUNDED),
    PaymentReinstated: (DISPUTE_WON, None),
    RefundPromised: (ORDER_CHANGED, None),
    PaymentDisputed: (DISPUTED, None),
}
# By bank transfer the seller says that it has come, and the buyer that it has come back.
_OF_TRANSFERS: Final[Mapping[type[OfPayment], tuple[str | None, str | None]]] = {
    **_TOLD,
    PaymentReceived: (None, PAYMENT_ARRIVED),
    PaymentRefunded: (REFUNDED, None),
}


def react(event: Event, event_id: EventId) -> None:
    """Cash needs no news: both were there."""
    if isinstance(event, PayoutMade):
        amount = Money(event.amount_minor, event.currency)
        notify(
            event.member_id,
            PAYOUT_SENT,
            Subject("payout", event.run_id),
            key=f"{PAYOUT_SENT}:{event_id}",
            data={"title": f"{amount.major:f} {amount.currency}", "url": "/money"},
        )
    elif isinstance(event, OfPayment) and event.subject_kind == KIND:
        _of_order(event, event_id)


def _of_order(event: OfPayment, event_id: EventId) -> None:
    method = get_payment(event.payment_id).method
    if method is Method.IN_PERSON and isinstance(event, PaymentReceived):
        return
    to_seller, to_buyer = (_TOLD if method is Method.CARD else _OF_TRANSFERS)[type(event)]
    order_id = OrderId(event.subject_id)
    title = title_of(order_id)
    if title is None:
        return
    for member_id, other_id, kind in (
        (event.seller_id, event.buyer_id, to_seller),
        (event.buyer_id, event.seller_id, to_buyer),
    ):
        if kind is None:
            continue
        notify(
            member_id,
            kind,
            Subject(KIND, order_id),
            key=f"{kind}:{order_id}:{event_id}",
            actor_id=other_id,
            data={"title": title, "url": f"/orders/{order_id}"},
        )
