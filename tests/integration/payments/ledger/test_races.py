"""Many at once on one hold, one key and one account: one gets it. Each harness catches a naive twin."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.clock import clock
from app.kernel.ids import HoldId, MemberId, PostingKey
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.escrow import service as escrow
from app.payments.escrow.values import Due, Method
from app.payments.ledger import checks, service
from app.payments.ledger.models import Account, OpenHold, Posting
from app.payments.ledger.queries import purse
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.platform.database import db, unit_of_work
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.people import MemberFactory

ORDER = Subject("order", "o1")
PROVIDER = AccountRef(AccountKind.PROVIDER)


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def leg(debit: AccountRef, credit: AccountRef, minor: int, kind: Movement = Movement.PAYMENT) -> Leg:
    return Leg(debit=debit, credit=credit, money=euros(minor), kind=kind, subject=ORDER)


def holds(ana: MemberId, rounds: int) -> list[HoldId]:
    mine, commission = AccountRef(AccountKind.ESCROW, ana), AccountRef(AccountKind.COMMISSION)
    service.transfer_within([leg(PROVIDER, mine, rounds)], PostingKey("paid"))
    until = clock.now() + timedelta(days=1)
    with unit_of_work():
        return [service.hold_within(leg(mine, commission, 1), PostingKey(f"h{one}"), until) for one in range(rounds)]


def test_a_hold_is_posted_or_voided_once(app: Flask, ana: MemberId) -> None:
    wanted = holds(ana, ROUNDS)

    def task(who: int, number: int) -> str:
        key = PostingKey(f"{number}:{who}")
        if who % 2:
            service.void_hold_within(wanted[number], key)
            return "voided"
        service.post_hold_within(wanted[number], euros(1), key)
        return "posted"

    answers = Crowd(app, task, ROUNDS).run()
    assert all(one["voided"] + one["posted"] == 1 and one["hold_settled"] == CROWD - 1 for one in answers)
    assert checks.run() == []


def test_a_naive_hold_is_settled_twice(app: Flask, ana: MemberId) -> None:
    """Looks whether it is open, and then books: all have looked before the first one books."""
    (hold,) = holds(ana, 1)
    looked = threading.Barrier(CROWD)
    mine, commission = AccountRef(AccountKind.ESCROW, ana), AccountRef(AccountKind.COMMISSION)

    def naive(who: int, _number: int) -> str:
        is_open = db.session.scalar(select(OpenHold.posting_id).where(OpenHold.posting_id == hold))
        db.session.rollback()
        looked.wait(120)
        if is_open is None:
            return "hold_settled"
        service.transfer_within([leg(commission, mine, 1)], PostingKey(f"naive {who}"))
        return "posted"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["posted"] > 1


def test_one_key_books_once(app: Flask, ana: MemberId) -> None:
    mine = AccountRef(AccountKind.ESCROW, ana)

    def task(_who: int, number: int) -> str:
        return str(service.transfer_within([leg(PROVIDER, mine, 1)], PostingKey(f"once {number}"))[0])

    answers = Crowd(app, task, ROUNDS).run()
    assert all(len(one) == 1 for one in answers), "everybody is told of the same posting"
    assert purse(mine, "EUR").balance == euros(ROUNDS)
    assert checks.run() == []


def test_what_is_there_is_spent_once(app: Flask, ana: MemberId) -> None:
    mine, commission = AccountRef(AccountKind.ESCROW, ana), AccountRef(AccountKind.COMMISSION)
    for number in range(ROUNDS):
        service.transfer_within([leg(PROVIDER, mine, 2)], PostingKey(f"two more {number}"))

    def task(who: int, number: int) -> str:
        service.transfer_within([leg(mine, commission, 100)], PostingKey(f"{number}:{who}"))
        return "spent"

    # Of 400 there are four hundreds, whoever comes first.
    answers = Crowd(app, task, 4).run()
    assert sum(one["spent"] for one in answers) == 2 * ROUNDS // 100
    assert purse(mine, "EUR").balance == euros(0)
    assert checks.run() == []


def test_a_naive_account_is_overdrawn(app: Flask, ana: MemberId) -> None:
    """Reads the balance, reckons, and writes."""
    mine = AccountRef(AccountKind.ESCROW, ana)
    service.transfer_within([leg(PROVIDER, mine, 100)], PostingKey("paid"))
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        before = purse(mine, "EUR").balance.minor
        db.session.rollback()
        looked.wait(120)
        if before < 100:
            return "not_covered"
        with unit_of_work():
            less = update(Account).where(Account.code == mine.code("EUR"))
            db.session.execute(less.values(balance_minor=Account.balance_minor - 100))
        return "spent"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["spent"] > 1
    assert purse(mine, "EUR").balance.minor < 0


def test_a_refund_and_a_release_of_one_payment_follow_each_other(
    app: Flask, ana: MemberId, member: MemberFactory
) -> None:
    bo = member("bo")
    until = clock.now() + timedelta(days=1)
    subjects = [Subject("order", f"o{number}") for number in range(ROUNDS)]
    for number, subject in enumerate(subjects):
        due = Due(subject=subject, buyer_id=ana, seller_id=bo, total=euros(1_000), method=Method.CARD, until=until)
        with unit_of_work():
            escrow.captured_within(escrow.expect_within(due, commission_ppm=50_000), euros(1_000), f"pi_{number}")

    def task(who: int, number: int) -> str:
        if who % 2:
            escrow.release_within(subjects[number])
            return "released"
        escrow.refund_within(subjects[number], euros(1_000))
        return "refunded"

    answers = Crowd(app, task, ROUNDS).run()
    assert all(one["refunded"] == 1 for one in answers), "all of it goes back, once, before the release or after it"
    assert purse(AccountRef(AccountKind.PAYABLE, bo), "EUR").balance == euros(0)
    assert purse(AccountRef(AccountKind.COMMISSION), "EUR").balance == euros(0)
    assert checks.run() == []


def test_a_naive_refund_beside_a_release_pays_twice(app: Flask, ana: MemberId, member: MemberFactory) -> None:
    """Each looks whether the money is there still, and then moves it."""
    bo = member("bo")
    mine, theirs = AccountRef(AccountKind.ESCROW, ana), AccountRef(AccountKind.PAYABLE, bo)
    service.transfer_within([leg(PROVIDER, mine, 2_000)], PostingKey("two payments"))
    looked = threading.Barrier(CROWD)

    def naive(who: int, _number: int) -> str:
        there = purse(mine, "EUR").balance.minor
        db.session.rollback()
        looked.wait(120)
        if who > 1 or there < 2_000:
            return "late"
        to = theirs if who else PROVIDER
        service.transfer_within([leg(mine, to, 1_000)], PostingKey(f"naive {who}"))
        return "moved"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["moved"] == 2, "the other payment of the same buyer has paid for it"


def test_a_naive_key_books_twice(app: Flask, ana: MemberId) -> None:
    """Looks whether the key was used, and then books under one of its own."""
    mine = AccountRef(AccountKind.ESCROW, ana)
    looked = threading.Barrier(CROWD)

    def naive(who: int, _number: int) -> str:
        known = db.session.scalar(select(Posting.id).where(Posting.key.like("once%")))
        db.session.rollback()
        looked.wait(120)
        if known is not None:
            return "known"
        service.transfer_within([leg(PROVIDER, mine, 1)], PostingKey(f"once {who}"))
        return "booked"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["booked"] > 1
    assert purse(mine, "EUR").balance.minor > 1
