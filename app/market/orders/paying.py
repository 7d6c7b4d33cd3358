"""Paying an order by card: asking the provider waits for another machine, so no transaction is open meanwhile."""

from __future__ import annotations

from app.kernel.ids import MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.orders import rules
from app.market.orders.queries import KIND, get_row, role_of, situation_now
from app.market.orders.values import Action
from app.payments.escrow.queries import find_payment
from app.payments.providers.service import start_card_payment


def card_page(actor: MemberId, order_id: OrderId) -> str:
    """Where the buyer pays by card: the provider's page, to be followed as a link."""
    row = get_row(actor, order_id)
    now = situation_now(row)
    rules.move_for(now, role_of(row, actor), Action.PAY)
    payment = find_payment(Subject(KIND, order_id))
    if payment is None or not rules.by_card(now):
        raise rules.NotNow
    return start_card_payment(actor, payment.id, row.snapshot["title"], f"/orders/{order_id}")
