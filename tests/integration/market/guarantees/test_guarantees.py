"""A friend stands in for a buyer: within a limit, for one deal, and due only by a decision."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.market.guarantees import checks, privacy, service
from app.market.guarantees.models import GuarantorTotal
from app.market.guarantees.queries import of_guarantor, of_order
from app.market.guarantees.values import LIMIT, State
from app.market.orders.values import Stage
from app.payments.ledger import checks as ledger_checks
from app.payments.ledger.queries import purse
from app.payments.ledger.values import AccountKind, AccountRef
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.platform.sql import insert_or_ignore
from app.trust.vouches.service import vouch
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.orders import Deal, bring, deal
from tests.support.people import MemberFactory

EUR40 = Money(4000, "EUR")


@pytest.fixture
def friend(app: Flask, member: MemberFactory) -> MemberId:
    return member("fay")


@pytest.fixture
def made(app: Flask, member: MemberFactory, friend: MemberId) -> Deal:
    """Ana buys Bo's lamp; she trusts Fay."""
    ana, bo = member("ana"), member("bo")
    vouch(ana, friend, "trust", "known for years")
    run_reactions()
    return deal(ana, bo)


def given(made: Deal, friend: MemberId, amount: Money = EUR40) -> str:
    ident = service.ask_guarantor(made.buyer, made.order, friend, amount)
    service.answer_guarantee(friend, ident, accept=True)
    return ident


def promised(friend: MemberId) -> int:
    whose = GuarantorTotal.member_id == friend
    return db.session.scalar(select(GuarantorTotal.promised_minor).where(whose)) or 0


def balance(member_id: MemberId) -> int:
    found = purse(AccountRef(AccountKind.OUTSIDE, member_id), "EUR")
    return found.balance.minor


def state(made: Deal) -> State | None:
    found = of_order(made.order)
    return found.state if found else None


def sound() -> bool:
    return checks.run() == [] == ledger_checks.run()


def test_a_friend_stands_in_and_no_money_moves(made: Deal, friend: MemberId) -> None:
    given(made, friend)
    assert (state(made), promised(friend), balance(friend)) == (State.PROMISED, 4000, 0)
    assert [one.state for one in of_guarantor(friend)] == [State.PROMISED]
    assert sound()


@pytest.mark.parametrize("end", [Stage.COMPLETED, Stage.CANCELLED])
def test_when_the_deal_is_over_the_friend_is_free(made: Deal, friend: MemberId, end: Stage) -> None:
    given(made, friend)
    bring(made, end)
    run_reactions()
    assert (state(made), promised(friend), balance(friend)) == (State.RELEASED, 0, 0)
    assert sound()


def test_a_decision_makes_it_due_up_to_the_promise_once(made: Deal, friend: MemberId) -> None:
    given(made, friend, Money(1500, "EUR"))
    assert service.call_within(made.order, EUR40) == Money(1500, "EUR")
    assert service.call_within(made.order, EUR40) == Money(0, "EUR")
    assert (state(made), promised(friend), balance(friend)) == (State.CALLED, 0, -1500)
    service.release_within(made.order)
    assert state(made) is State.CALLED
    assert sound()


def test_a_part_of_it_leaves_the_rest_free(made: Deal, friend: MemberId) -> None:
    given(made, friend)
    assert service.call_within(made.order, Money(1000, "EUR")) == Money(1000, "EUR")
    assert (promised(friend), balance(friend), balance(made.seller)) == (0, -1000, 1000)
    assert sound()


def test_without_a_promise_nothing_is_due(made: Deal, friend: MemberId) -> None:
    assert service.call_within(made.order, EUR40) == Money(0, "EUR")
    ident = service.ask_guarantor(made.buyer, made.order, friend, EUR40)
    assert service.call_within(made.order, EUR40) == Money(0, "EUR")
    service.answer_guarantee(friend, ident, accept=False)
    assert (state(made), promised(friend)) == (State.DECLINED, 0)
    assert given(made, friend)  # another time


def test_what_cannot_be_asked_is_refused(made: Deal, friend: MemberId, member: MemberFactory) -> None:
    wrong: list[tuple[MemberId, MemberId, Money, type[DomainError]]] = [
        (made.seller, friend, EUR40, Forbidden),
        (friend, friend, EUR40, NotFound),
        (made.buyer, made.buyer, EUR40, Invalid),
        (made.buyer, made.seller, EUR40, Invalid),
        (made.buyer, member("stranger"), EUR40, Invalid),
        (made.buyer, friend, Money(4001, "EUR"), Invalid),
        (made.buyer, friend, Money(0, "EUR"), Invalid),
        (made.buyer, friend, Money(4000, "USD"), Invalid),
    ]
    for actor, whom, amount, refusal in wrong:
        with pytest.raises(refusal):
            service.ask_guarantor(actor, made.order, whom, amount)
    ident = service.ask_guarantor(made.buyer, made.order, friend, EUR40)
    with pytest.raises(Conflict):
        service.ask_guarantor(made.buyer, made.order, friend, EUR40)
    with pytest.raises(NotFound):
        service.answer_guarantee(made.seller, ident, accept=True)
    bring(made, Stage.HANDED_OVER)
    with pytest.raises(DomainError):
        service.ask_guarantor(made.buyer, made.order, friend, EUR40)


def test_nobody_promises_more_than_the_limit(made: Deal, friend: MemberId) -> None:
    ident = service.ask_guarantor(made.buyer, made.order, friend, EUR40)
    service.take_within(friend, Money(LIMIT - 3999, "EUR"))
    with pytest.raises(Conflict) as refusal:
        service.answer_guarantee(friend, ident, accept=True)
    assert refusal.value.error_code == "guarantor_limit"
    assert state(made) is State.ASKED


def test_it_is_told_to_both(made: Deal, friend: MemberId) -> None:
    given(made, friend)
    assert privacy.export(friend)["guarantees"][0]["mine"]
    assert not privacy.export(made.buyer)["guarantees"][0]["mine"]


def test_of_many_at_once_only_as_many_as_fit_are_promised(app: Flask, friend: MemberId) -> None:
    """The limit is reached in the middle of a round, and never passed."""
    room = CROWD * ROUNDS // 2 + 5
    row = {"member_id": friend, "currency": "EUR", "promised_minor": 0, "limit_minor": room}
    with unit_of_work():
        insert_or_ignore(GuarantorTotal, row)

    def task(_who: int, _number: int) -> str:
        service.take_within(friend, Money(1, "EUR"))
        return "taken"

    answers = Crowd(app, task, ROUNDS).run()
    assert sum(one["taken"] for one in answers) == room == promised(friend)
    assert {one["taken"] for one in answers} == {CROWD, 5, 0}
    assert all(one["taken"] + one["guarantor_limit"] == CROWD for one in answers)


def test_a_naive_limit_is_overrun(app: Flask, friend: MemberId) -> None:
    """Looks how much is promised, and then writes: all have looked before the first one writes."""
    with unit_of_work():
        insert_or_ignore(
            GuarantorTotal, {"member_id": friend, "currency": "EUR", "promised_minor": 0, "limit_minor": 10**9}
        )
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        before = db.session.scalar(select(GuarantorTotal.promised_minor).where(GuarantorTotal.member_id == friend))
        db.session.rollback()
        looked.wait(120)
        if (before or 0) + LIMIT // 10 > LIMIT:
            return "guarantor_limit"
        with unit_of_work():
            mine = update(GuarantorTotal).where(GuarantorTotal.member_id == friend)
            db.session.execute(mine.values(promised_minor=GuarantorTotal.promised_minor + LIMIT // 10))
        return "taken"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["taken"] > 10
