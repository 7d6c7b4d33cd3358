"""Cards: the provider's page, its messages in any order and however often, refunds, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden
from app.kernel.ids import MemberId, PaymentId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.escrow import checks as payment_checks
from app.payments.escrow import queries
from app.payments.escrow import service as escrow
from app.payments.escrow.values import Due, Method, State
from app.payments.ledger import checks
from app.payments.ledger.queries import purse
from app.payments.ledger.values import AccountKind, AccountRef
from app.payments.providers import service
from app.platform.database import db
from tests.support.people import MemberFactory
from tests.support.stripe_proxy import KEY, SECRET, StripeProxy, event, signature, stripe_proxy

ORDER = Subject("order", "o1")
TOTAL = Money(10_000, "EUR")
CAPTURED, DISPUTED = "payment_intent.succeeded", "charge.dispute.created"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeProxy]:
    with stripe_proxy(Path(tmp_path_factory.mktemp("stripe"))) as proxy:
        yield proxy


@pytest.fixture
def shop(app: Flask, provider: StripeProxy) -> Flask:
    app.config["KIN"] = replace(
        app.config["KIN"], stripe_key=KEY, stripe_webhook_secret=SECRET, stripe_url=provider.url
    )
    return app


@pytest.fixture
def ana(shop: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def payment(ana: MemberId, member: MemberFactory) -> PaymentId:
    due = Due(
        subject=ORDER,
        buyer_id=ana,
        seller_id=member("bo"),
        total=TOTAL,
        method=Method.CARD,
        until=clock.now() + timedelta(minutes=15),
    )
    return escrow.expect_within(due, commission_ppm=50_000)


def tell(app: Flask, body: bytes, sign: str | None = None) -> tuple[int, str]:
    headers = {"Stripe-Signature": signature(body) if sign is None else sign}
    answer = app.test_client().post("/webhooks/stripe", data=body, headers=headers)
    found = answer.get_json()
    return answer.status_code, found.get("outcome") or found.get("code")


def state() -> State:
    db.session.rollback()
    found = queries.find_payment(ORDER)
    assert found is not None
    assert checks.run() + payment_checks.run() == []
    return found.state


def pay(provider: StripeProxy, ana: MemberId, payment: PaymentId) -> dict[str, Any]:
    address = service.start_card_payment(ana, payment, "A lamp", "/orders/o1")
    assert service.start_card_payment(ana, payment, "A lamp", "/orders/o1") == address
    intent = provider.pay(address)
    assert intent["status"] == "succeeded"
    return intent


def test_from_the_page_to_the_refund(shop: Flask, provider: StripeProxy, ana: MemberId, payment: PaymentId) -> None:
    intent = pay(provider, ana, payment)
    body = event("evt_1", CAPTURED, intent)
    assert tell(shop, body) == (200, "done")
    assert tell(shop, body) == (200, "known")
    assert tell(shop, event("evt_2", CAPTURED, intent)) == (200, "ignored")
    assert state() is State.PAID
    assert purse(AccountRef(AccountKind.ESCROW, ana), "EUR").balance == TOTAL
    provider.asked.clear()
    escrow.refund_within(ORDER, Money(4_000, "EUR"))
    service.refund(payment, 4_000, 0)
    assert provider.asked == ["/v1/refunds"], "asked twice, given back once"
    escrow.release_within(ORDER)
    assert state() is State.RELEASED
    with pytest.raises(Conflict):
        service.start_card_payment(ana, payment, "A lamp", "/orders/o1")


def test_a_dispute_that_comes_first_is_sent_again(
    shop: Flask, provider: StripeProxy, ana: MemberId, payment: PaymentId
) -> None:
    intent = pay(provider, ana, payment)
    dispute = {"id": "dp_1", "payment_intent": intent["id"], "amount": 10_000, "currency": "eur"}
    assert tell(shop, event("evt_d", DISPUTED, dispute)) == (409, "not_yet")
    assert tell(shop, event("evt_c", CAPTURED, intent)) == (200, "done")
    assert tell(shop, event("evt_d", DISPUTED, dispute)) == (200, "done")
    assert tell(shop, event("evt_d", DISPUTED, dispute)) == (200, "known")
    assert state() is State.REFUNDED
    assert purse(AccountRef(AccountKind.PROVIDER), "EUR").balance.minor == 0


def test_a_dispute_that_is_won_and_the_fee_of_the_provider(shop: Flask, ana: MemberId, payment: PaymentId) -> None:
    charge = {"balance_transaction": {"fee": 320, "currency": "eur"}}
    intent = {"id": "pi_1", "amount_received": 10_000, "currency": "eur", "latest_charge": charge}
    assert tell(shop, event("evt_1", CAPTURED, {**intent, "metadata": {"kinmarket_payment": payment}})) == (200, "done")
    assert purse(AccountRef(AccountKind.PROVIDER_FEES), "EUR").balance.minor == -320
    dispute = {"id": "dp_1", "payment_intent": "pi_1", "amount": 10_000, "currency": "eur"}
    won = event("evt_w", "charge.dispute.closed", {**dispute, "status": "won"})
    assert tell(shop, won) == (409, "not_yet")
    assert tell(shop, event("evt_d", DISPUTED, dispute)) == (200, "done")
    lost = event("evt_l", "charge.dispute.closed", {**dispute, "status": "lost"})
    assert tell(shop, lost) == (200, "ignored")
    assert tell(shop, won) == (200, "done")
    assert tell(shop, won) == (200, "known")
    assert state() is State.PAID


def test_money_for_a_deal_that_is_off_goes_back(
    shop: Flask, provider: StripeProxy, ana: MemberId, payment: PaymentId
) -> None:
    intent = pay(provider, ana, payment)
    escrow.cancel_within(ORDER)
    assert tell(shop, event("evt_late", CAPTURED, intent)) == (200, "done")
    assert state() is State.REFUNDED


def test_the_provider_pays_out_to_the_house(shop: Flask, payment: PaymentId) -> None:
    paid_out = {"id": "po_1", "amount": 700, "currency": "eur"}
    assert tell(shop, event("evt_p", "payout.paid", paid_out)) == (200, "done")
    assert tell(shop, event("evt_q", "payout.paid", paid_out)) == (200, "done")
    assert purse(AccountRef(AccountKind.PROVIDER), "EUR").balance.minor == 700


def test_messages_that_are_none(shop: Flask, payment: PaymentId) -> None:
    intent = {"id": "pi_1", "amount_received": 10_000, "currency": "eur", "metadata": {"kinmarket_payment": payment}}
    body = event("evt_x", CAPTURED, intent)
    assert tell(shop, body, "") == (400, "bad_signature")
    assert tell(shop, body, signature(body, secret="whsec_foreign")) == (400, "bad_signature")
    assert tell(shop, body, signature(body, at=time.time() - 600)) == (400, "bad_signature")
    assert tell(shop, body + b" ", signature(body)) == (400, "bad_signature")
    assert tell(shop, b"\xff", signature(b"\xff")) == (400, "bad_signature")
    assert tell(shop, b"[]") == (400, "bad_signature")
    assert tell(shop, b"{}") == (200, "ignored")
    assert tell(shop, event("evt_y", CAPTURED, {"id": "pi_2", "amount": 5, "currency": "eur"})) == (200, "ignored")
    assert tell(shop, event("evt_z", CAPTURED, {**intent, "amount_received": 9})) == (409, "bad_amount")
    assert tell(shop, event("evt_z", CAPTURED, {**intent, "currency": "usd"})) == (409, "bad_amount")
    assert tell(shop, b"x" * 300_000) == (413, "too_large")
    assert state() is State.EXPECTED


def test_who_may_pay(shop: Flask, payment: PaymentId, member: MemberFactory) -> None:
    with pytest.raises(Forbidden):
        service.start_card_payment(member("cem"), payment, "A lamp", "/orders/o1")


def test_without_keys_no_card_is_taken(app: Flask, ana: MemberId, payment: PaymentId) -> None:
    app.config["KIN"] = replace(app.config["KIN"], stripe_key=None)
    with pytest.raises(Conflict):
        service.start_card_payment(ana, payment, "A lamp", "/orders/o1")
    body = event("evt_1", CAPTURED, {})
    assert tell(app, body) == (400, "bad_signature")
