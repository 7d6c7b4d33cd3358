"""One message of the provider many times at once, and two who pay out: it is booked once. With naive twins."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import MemberId, PaymentId, PostingKey
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.escrow import checks as escrow_checks
from app.payments.escrow import service as escrow
from app.payments.escrow.models import PaymentRow
from app.payments.escrow.values import Due, Method, State
from app.payments.ledger import checks as ledger_checks
from app.payments.ledger.queries import purse
from app.payments.ledger.service import transfer_within
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.payments.payouts import queries as payouts
from app.payments.payouts.models import Payout
from app.payments.payouts.service import pay_out, save_account
from app.payments.providers import service
from app.platform.database import db, unit_of_work
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.people import MemberFactory
from tests.support.stripe_proxy import KEY, SECRET, event, signature

TOTAL = Money(1_000, "EUR")
PROVIDER, BANK = AccountRef(AccountKind.PROVIDER), AccountRef(AccountKind.BANK)
IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    app.config["KIN"] = replace(app.config["KIN"], stripe_key=KEY, stripe_webhook_secret=SECRET)
    return member("bo")


def expected(ana: MemberId, bo: MemberId, number: int) -> PaymentId:
    subject, until = Subject("order", f"o{number}"), clock.now() + timedelta(days=1)
    due = Due(subject=subject, buyer_id=ana, seller_id=bo, total=TOTAL, method=Method.CARD, until=until)
    return escrow.expect_within(due, commission_ppm=50_000)


def captured(payment: PaymentId, number: int, who: int = 0) -> bytes:
    thing = {"amount_received": 1_000, "currency": "eur", "metadata": {"kinmarket_payment": payment}}
    return event(f"evt_{number}_{who}", "payment_intent.succeeded", {"id": f"pi_{number}", **thing})


def breaches() -> list[str]:
    return [*escrow_checks.run(), *ledger_checks.run()]


def earned(bo: MemberId, minor: int, key: str) -> None:
    subject = Subject("order", key)
    leg = Leg(
        debit=PROVIDER,
        credit=AccountRef(AccountKind.PAYABLE, bo),
        money=Money(minor, "EUR"),
        kind=Movement.RELEASE,
        subject=subject,
    )
    transfer_within([leg], PostingKey(key))


@pytest.mark.parametrize("same", [True, False], ids=["one message", "a message each"])
def test_a_message_that_comes_again_moves_nothing(app: Flask, bo: MemberId, member: MemberFactory, same: bool) -> None:
    ana, rounds = member("ana"), ROUNDS if same else ROUNDS // 4
    with unit_of_work():
        payments = [expected(ana, bo, number) for number in range(rounds)]

    def task(who: int, number: int) -> str:
        body = captured(payments[number], number, 0 if same else who)
        return service.hear(body, signature(body))

    answers = Crowd(app, task, rounds).run()
    again = "known" if same else "ignored"
    assert all(one["done"] == 1 and one[again] == CROWD - 1 for one in answers), answers[:3]
    assert purse(AccountRef(AccountKind.ESCROW, ana), "EUR").balance == Money(1_000 * rounds, "EUR")
    assert breaches() == []


def test_a_naive_listener_books_twice(app: Flask, bo: MemberId, member: MemberFactory) -> None:
    """Looks whether the payment waits still, and then books."""
    ana = member("ana")
    payment = expected(ana, bo, 0)
    looked = threading.Barrier(CROWD)

    def naive(who: int, _number: int) -> str:
        state = db.session.scalar(select(PaymentRow.state).where(PaymentRow.id == payment))
        db.session.rollback()
        looked.wait(120)
        if state != State.EXPECTED:
            return "known"
        leg = Leg(
            debit=PROVIDER,
            credit=AccountRef(AccountKind.ESCROW, ana),
            money=TOTAL,
            kind=Movement.PAYMENT,
            subject=Subject("order", "o0"),
        )
        transfer_within([leg], PostingKey(f"naive {who}"))
        return "done"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["done"] > 1
    assert breaches() != []


def test_of_many_payouts_at_once_one_pays(app: Flask, bo: MemberId, member: MemberFactory) -> None:
    olli = member("olli", role="operator")
    save_account(bo, "Bo Berg", IBAN)
    ready = threading.Barrier(CROWD)

    def task(who: int, number: int) -> str:
        if who == 0:
            earned(bo, 100, f"round {number}")
        ready.wait(120)
        pay_out(olli)
        return "paid"

    answers = Crowd(app, task, ROUNDS // 2).run()
    assert all(one["paid"] == 1 for one in answers), answers[:3]
    assert purse(AccountRef(AccountKind.PAYABLE, bo), "EUR").balance.minor == 0
    assert purse(BANK, "EUR").balance.minor == 100 * (ROUNDS // 2)
    assert sum(db.session.scalars(select(Payout.amount_minor))) == 100 * (ROUNDS // 2)
    assert breaches() == []


def test_a_naive_payout_is_sent_twice(app: Flask, bo: MemberId) -> None:
    """Reads who is owed what, and then writes what goes to the bank, whatever the account has by then."""
    save_account(bo, "Bo Berg", IBAN)
    earned(bo, 100, "once")
    looked = threading.Barrier(CROWD)

    def naive(who: int, _number: int) -> str:
        claims = payouts.claims()
        db.session.rollback()
        looked.wait(120)
        if not claims:
            return "nothing_to_pay"
        with unit_of_work():
            row = {"holder": "Bo", "iban": IBAN, "amount_minor": claims[0].amount.minor, "currency": "EUR"}
            db.session.add(Payout(run_id=f"{who:026}", member_id=bo, made_at=clock.now(), **row))
        return "paid"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["paid"] > 1
    assert sum(db.session.scalars(select(Payout.amount_minor))) > 100
