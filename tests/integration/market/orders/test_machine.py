"""Whatever two people, the clock, a provider and a case do with orders: stage and money are those of a plain model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.kernel.errors import Conflict
from app.kernel.ids import ListingId, MemberId, OrderId, PaymentId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.orders import checks, queries, service
from app.market.orders.rules import NotNow
from app.market.orders.values import Action, Given, Stage
from app.market.stock.queries import taken_of
from app.payments.escrow import checks as escrow_checks
from app.payments.escrow.queries import find_payment
from app.payments.escrow.service import captured_within, dispute_within, refund_within
from app.payments.ledger import checks as ledger_checks
from app.payments.ledger.queries import purse
from app.payments.ledger.values import AccountKind, AccountRef
from app.platform.database import db, unit_of_work
from tests.support.orders import ADDRESS, order, sell, take_cards
from tests.support.people import MemberFactory

TOTAL = 4000
WHICH = st.integers(0, 2)
AFTER = (Stage.SHIPPED, Stage.RECEIVED)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def fee(gross: int) -> int:
    """Five per cent, rounded as shops do."""
    return (gross * 5 + 50) // 100


@dataclass
class Model:
    """One order in plain numbers: what was paid, what went back, what the seller has earned."""

    id: OrderId
    listing: ListingId
    payment: PaymentId
    card: bool
    stage: Stage = Stage.PLACED
    said: bool = False
    paid: int = 0
    back: int = 0
    owed: int = 0  # promised back and not confirmed
    earned: int = 0
    commission: int = 0
    released: bool = False

    @property
    def left(self) -> int:
        return self.paid - self.back - self.owed

    @property
    def held(self) -> int:
        return self.left if self.card and not self.released else 0

    def release(self) -> None:
        if self.card and not self.released and self.left:
            self.commission = fee(self.left)
            self.earned = self.left - self.commission
        self.released = self.released or bool(self.left)

    def refund(self, minor: int) -> None:
        if self.card:
            self.back += minor
        else:
            self.owed += minor

    def call_off(self) -> None:
        self.stage = Stage.CANCELLED
        if self.left:
            self.refund(self.left)


class Machine(RuleBasedStateMachine):
    """`people` are the buyer and the seller; all machines share the ledger, so what stood before is taken off."""

    people: ClassVar[list[MemberId]] = []
    numbers: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Model] = []
        self.before = self.balances()

    def balances(self) -> list[int]:
        ana, bo = self.people
        accounts = [
            AccountRef(AccountKind.ESCROW, ana),
            AccountRef(AccountKind.PAYABLE, bo),
            AccountRef(AccountKind.COMMISSION),
            AccountRef(AccountKind.PROVIDER),
            AccountRef(AccountKind.OUTSIDE, bo),
        ]
        return [purse(one, "EUR").balance.minor for one in accounts]

    def try_to(self, possible: bool, do: Callable[[], object]) -> bool:
        if possible:
            do()
            return True
        with pytest.raises(NotNow):
            do()
        return False

    def press(self, by: int, one: Model, action: Action, possible: bool) -> bool:
        given = Given(reason="No", carrier="DHL", tracking="1")
        return self.try_to(possible, lambda: service.act(self.people[by], one.id, action, given))

    def find(self, which: int) -> Model | None:
        return self.orders[which % len(self.orders)] if self.orders else None

    @rule(card=st.booleans())
    def place(self, card: bool) -> None:
        if len(self.orders) == 3:
            return
        listing = sell(self.people[1])
        way = "card" if card else "bank_transfer"
        made = order(self.people[0], listing, delivery="ship", payment=way, address=ADDRESS)
        payment = find_payment(Subject("order", made))
        assert payment is not None
        self.orders.append(Model(id=made, listing=listing, payment=payment.id, card=card))

    @rule(which=WHICH, steps=st.integers(1, 5))
    def all_goes_well(self, which: int, steps: int) -> None:
        """As most orders go; alone, chance would seldom come to the end of one."""
        for _ in range(steps):
            one = self.find(which)
            if one is None or one.stage in (Stage.COMPLETED, Stage.CANCELLED):
                return
            if one.stage is Stage.CONFIRMED and not one.paid:
                (self.card_is_charged(which, False) if one.card else self.say_received(which))
            elif one.stage is Stage.PLACED:
                self.confirm(which)
            elif one.stage is Stage.CONFIRMED:
                self.ship(which)
            else:
                (self.receive if one.stage is Stage.SHIPPED else self.complete)(which)

    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        if (one := self.find(which)) and self.press(1, one, Action.CONFIRM, one.stage is Stage.PLACED):
            one.stage = Stage.CONFIRMED

    @rule(which=WHICH)
    def say_paid(self, which: int) -> None:
        if one := self.find(which):
            possible = one.stage is Stage.CONFIRMED and not one.card and not one.said and not one.paid
            one.said |= self.press(0, one, Action.PAY, possible)

    @rule(which=WHICH)
    def say_received(self, which: int) -> None:
        if one := self.find(which):
            possible = one.stage is Stage.CONFIRMED and not one.card and not one.paid
            if self.press(1, one, Action.MARK_PAID, possible):
                one.paid = TOTAL

    @rule(which=WHICH, again=st.booleans())
    def card_is_charged(self, which: int, again: bool) -> None:
        """In time, late, twice, before the seller's yes: whenever the provider says so."""
        one = self.find(which)
        if one is None or not one.card:
            return
        for _ in range(1 + again):
            assert captured_within(one.payment, euros(TOTAL), f"pi_{one.payment}") == (not one.paid)
            if not one.paid:
                one.paid = TOTAL
                if one.stage is Stage.CANCELLED:
                    one.refund(TOTAL)
            service.follow_payment(one.id)

    @rule(which=WHICH)
    def bank_takes_back(self, which: int) -> None:
        one = self.find(which)
        if one is None or not one.card:
            return
        Machine.numbers += 1
        assert dispute_within(one.payment, euros(TOTAL), f"dp_{self.numbers}") == bool(one.left)
        one.back += one.left
        one.earned = one.commission = 0
        service.follow_payment(one.id)
        if one.stage is Stage.CONFIRMED and one.paid:
            one.stage = Stage.CANCELLED

    @rule(which=WHICH)
    def ship(self, which: int) -> None:
        if one := self.find(which):
            possible = one.stage is Stage.CONFIRMED and one.paid > 0 and one.left > 0
            if self.press(1, one, Action.SHIP, possible):
                one.stage = Stage.SHIPPED

    @rule(which=WHICH)
    def receive(self, which: int) -> None:
        if (one := self.find(which)) and self.press(0, one, Action.RECEIVE, one.stage is Stage.SHIPPED):
            one.stage = Stage.RECEIVED

    @rule(which=WHICH)
    def complete(self, which: int) -> None:
        if (one := self.find(which)) and self.press(0, one, Action.COMPLETE, one.stage is Stage.RECEIVED):
            one.stage = Stage.COMPLETED
            one.release()

    @rule(which=WHICH, by=st.integers(0, 1))
    def cancel(self, which: int, by: int) -> None:
        one = self.find(which)
        if one and self.press(by, one, Action.CANCEL, one.stage in (Stage.PLACED, Stage.CONFIRMED)):
            one.call_off()

    @rule(which=WHICH)
    def time_runs_out(self, which: int) -> None:
        one = self.find(which)
        if one is None:
            return
        early, late = one.stage in (Stage.PLACED, Stage.CONFIRMED), one.stage in AFTER
        action = Action.FINISH if late else Action.EXPIRE
        if self.try_to(early or late, lambda: service.end_within(one.id, action)):
            if early:
                one.call_off()
            else:
                one.stage = Stage.COMPLETED
                one.release()

    @rule(which=WHICH, part=st.integers(0, TOTAL))
    def case_is_decided(self, which: int, part: int) -> None:
        """So much goes back, and the rest is the seller's."""
        one = self.find(which)
        if one is None or one.stage not in AFTER:
            return
        service.hold_within(one.id)
        self.press(0, one, Action.RECEIVE, False)
        given = min(part, one.left)
        with unit_of_work():
            if given:
                refund_within(Subject("order", one.id), euros(given))
            service.settle_within(one.id)
        if given:
            one.refund(given)
        one.stage = Stage.COMPLETED
        one.release()

    @rule(which=WHICH)
    def refund_has_come(self, which: int) -> None:
        if one := self.find(which):
            possible = one.stage in (Stage.COMPLETED, Stage.CANCELLED) and one.owed > 0
            if self.press(0, one, Action.MARK_REFUNDED, possible):
                one.back, one.owed = one.back + one.owed, 0

    @rule(which=WHICH, more=st.integers(1, TOTAL))
    def more_than_was_paid_never_goes_back(self, which: int, more: int) -> None:
        if one := self.find(which):
            with pytest.raises(Conflict):
                refund_within(Subject("order", one.id), euros(one.left + more))

    @invariant()
    def stands_as_the_model(self) -> None:
        db.session.rollback()
        for one in self.orders:
            seen = queries.get_order(self.people[0], one.id)
            assert (seen.card.stage, seen.money.refunded.minor, seen.money.refund_due.minor) == (
                *(one.stage, one.back, one.owed),
            )
            assert taken_of(Subject("listing", one.listing)) == (one.stage is not Stage.CANCELLED)
        cards = [one for one in self.orders if one.card]
        model = [
            sum(one.held for one in cards),
            sum(one.earned for one in cards),
            sum(one.commission for one in cards),
            -sum(one.paid - one.back for one in cards),
            sum(one.paid - one.back for one in self.orders if not one.card),
        ]
        found = [now - then for now, then in zip(self.balances(), self.before, strict=True)]
        assert found == model
        assert [*checks.run(), *escrow_checks.run(), *ledger_checks.run()] == []


def test_orders_and_their_money_are_the_plain_model(app: Flask, member: MemberFactory) -> None:
    take_cards(app, commission="5")
    Machine.people = [member("ana"), member("bo")]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
