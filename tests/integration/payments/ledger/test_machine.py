"""Whatever is posted, set aside, taken and let go of: the ledger stands as a plain model does."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.kernel.clock import clock
from app.kernel.errors import DomainError
from app.kernel.ids import HoldId, MemberId, PostingKey
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.payments.ledger import checks, service
from app.payments.ledger.queries import purse
from app.payments.ledger.values import AccountKind, AccountRef, Leg, Movement
from app.platform.database import db
from tests.support.people import MemberFactory

PROVIDER = AccountRef(AccountKind.PROVIDER)
AMOUNTS = st.integers(1, 60)
WHO = st.sampled_from([0, 1])


class Machine(RuleBasedStateMachine):
    """`people` are two members who begin with nothing."""

    numbers = 0
    people: ClassVar[list[MemberId]] = []

    def __init__(self) -> None:
        super().__init__()
        self.has = [purse(self.account(one), "EUR").balance.minor for one in self.people]
        self.held = [0, 0]
        self.open: dict[HoldId, tuple[int, int]] = {}

    @staticmethod
    def account(owner: MemberId) -> AccountRef:
        return AccountRef(AccountKind.ESCROW, owner)

    def key(self) -> PostingKey:
        Machine.numbers += 1
        return PostingKey(f"step {Machine.numbers}")

    def leg(self, debit: AccountRef, credit: AccountRef, minor: int) -> Leg:
        money = Money(minor, "EUR")
        return Leg(debit=debit, credit=credit, money=money, kind=Movement.PAYMENT, subject=Subject("order", "o1"))

    @rule(who=WHO, minor=AMOUNTS)
    def earn(self, who: int, minor: int) -> None:
        service.transfer_within([self.leg(PROVIDER, self.account(self.people[who]), minor)], self.key())
        self.has[who] += minor

    @rule(who=WHO, minor=AMOUNTS)
    def pay(self, who: int, minor: int) -> None:
        legs = [self.leg(self.account(self.people[who]), self.account(self.people[1 - who]), minor)]
        if self.has[who] - self.held[who] >= minor:
            key = self.key()
            assert service.transfer_within(legs, key) == service.transfer_within(legs, key)
            self.has[who] -= minor
            self.has[1 - who] += minor
        else:
            with pytest.raises(DomainError):
                service.transfer_within(legs, self.key())

    @rule(who=WHO, minor=AMOUNTS)
    def set_aside(self, who: int, minor: int) -> None:
        leg = self.leg(self.account(self.people[who]), self.account(self.people[1 - who]), minor)
        until = clock.now() + timedelta(days=1)
        if self.has[who] - self.held[who] >= minor:
            self.open[service.hold_within(leg, self.key(), until)] = (who, minor)
            self.held[who] += minor
        else:
            with pytest.raises(DomainError):
                service.hold_within(leg, self.key(), until)

    @rule(place=st.integers(0, 5), minor=st.integers(0, 70))
    def settle(self, place: int, minor: int) -> None:
        if not self.open:
            return
        hold = list(self.open)[place % len(self.open)]
        who, held = self.open[hold]
        if minor > held:
            with pytest.raises(DomainError):
                service.post_hold_within(hold, Money(minor, "EUR"), self.key())
            return
        if minor:
            service.post_hold_within(hold, Money(minor, "EUR"), self.key())
        else:
            service.void_hold_within(hold, self.key())
        with pytest.raises(DomainError):
            service.void_hold_within(hold, self.key())
        del self.open[hold]
        self.held[who] -= held
        self.has[who] -= minor
        self.has[1 - who] += minor

    @invariant()
    def stands_as_the_model(self) -> None:
        db.session.rollback()
        found = [purse(self.account(one), "EUR") for one in self.people]
        assert [(one.balance.minor, one.held.minor) for one in found] == list(zip(self.has, self.held, strict=True))

    def teardown(self) -> None:
        assert checks.run() == []
        for hold in self.open:
            service.void_hold_within(hold, self.key())


def test_the_ledger_is_the_plain_model(app: Flask, member: MemberFactory) -> None:
    Machine.people = [member("ana"), member("bo")]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
