"""What a decision does to the money and to the order: once, in the transaction that ends the case."""

from __future__ import annotations

from app.kernel.ids import MemberId, OrderId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.cases.rules import at_stake_of
from app.market.cases.values import CaseWay, Terms
from app.market.orders import service as orders
from app.market.orders.queries import KIND
from app.payments.escrow import service as escrow
from app.payments.escrow.queries import find_payment
from app.payments.escrow.values import Paid


def settle_within(order_id: OrderId, total: Money, terms: Terms, actor: MemberId | None) -> Money:
    """Give the buyer what was decided and the seller the rest; answers what the buyer gets."""
    subject = Subject(KIND, order_id)
    payment = find_payment(subject)
    to_buyer = min(terms.to_buyer, at_stake_of(payment, total))  # a bank may have taken something back meanwhile
    if (terms.way is CaseWay.GO_ON or to_buyer) and payment is not None and payment.paid is Paid.PROMISED:
        escrow.count_as_paid_within(subject)
    if terms.way is CaseWay.GO_ON:
        orders.resume_within(order_id)
        return to_buyer
    if to_buyer:
        escrow.refund_within(subject, to_buyer, actor)
    orders.settle_within(order_id)
    return to_buyer
