"""Buyer and seller hear what has become of the money of their order, and sellers of their payouts."""

from __future__ import annotations

from app.kernel.events import Event
from app.kernel.ids import EventId, MemberId, OrderId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.orders.queries import KIND, title_of
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import (
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
    RefundPromised,
)
from app.payments.escrow.queries import get_payment
from app.payments.escrow.values import Method
from app.payments.payouts.events import PayoutMade
from app.platform.event_log import Start

NAME = "notify_payments"
STARTS = Start.HEAD
LISTENS_TO = (PaymentMarkedPaid, PaymentReceived, PaymentRefunded, RefundPromised, PaymentDisputed, PayoutMade)


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
    buyer, seller = event.buyer_id, event.seller_id
    method = get_payment(event.payment_id).method
    told: list[tuple[MemberId, MemberId, str]] = []
    match event:
        case PaymentMarkedPaid():
            told = [(seller, buyer, ORDER_CHANGED)]
        case PaymentReceived() if method is Method.CARD:
            told = [(seller, buyer, ORDER_PAID), (buyer, seller, PAYMENT_ARRIVED)]
        case PaymentReceived() if method is Method.BANK_TRANSFER:
            told = [(buyer, seller, PAYMENT_ARRIVED)]
        case PaymentRefunded() if method is Method.CARD:
            told = [(seller, buyer, REFUNDED), (buyer, seller, REFUNDED)]
        case PaymentRefunded():
            told = [(seller, buyer, REFUNDED)]
        case RefundPromised():
            told = [(seller, buyer, ORDER_CHANGED)]
        case PaymentDisputed():
            told = [(seller, buyer, DISPUTED)]
    order_id = OrderId(event.subject_id)
    title = title_of(order_id)
    if title is None:
        return
    for member_id, other_id, kind in told:
        notify(
            member_id,
            kind,
            Subject(KIND, order_id),
            key=f"{kind}:{order_id}:{event_id}",
            actor_id=other_id,
            data={"title": title, "url": f"/orders/{order_id}"},
        )
