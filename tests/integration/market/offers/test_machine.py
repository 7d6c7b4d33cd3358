"""Whatever two people say to each other: the offer stands as a plain model does."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.kernel.clock import clock
from app.kernel.errors import DomainError
from app.kernel.ids import ListingId, MemberId, OfferId
from app.market.listings.queries import get_listing
from app.market.offers import checks, deadlines, service
from app.market.offers.queries import get_offer
from app.market.offers.values import Side
from app.market.orders import checks as order_checks
from app.platform.database import db
from tests.support.offers import offer
from tests.support.orders import sell
from tests.support.people import MemberFactory

WHO = st.sampled_from([Side.BUYER, Side.SELLER])
EUROS = st.integers(0, 42)


class Machine(RuleBasedStateMachine):
    """A lamp of 40 euros; the model is a pile of amounts, each with whose it is."""

    people: ClassVar[dict[Side, MemberId]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.lamp: ListingId = sell(self.people[Side.SELLER])
        self.made: OfferId | None = None
        self.pile: list[tuple[Side, int]] = []
        self.over = ""
        self.freezing = clock.freeze(clock.now())
        self.time = self.freezing.__enter__()
        self.end = clock.now()

    def teardown(self) -> None:
        self.freezing.__exit__(None, None, None)

    @property
    def open(self) -> bool:
        return self.made is not None and not self.over

    def may(self, who: Side, *, own: bool = False) -> bool:
        return self.open and clock.now() < self.end and (self.pile[-1][0] is who) is own

    @precondition(lambda self: not self.open and self.over != "accepted")
    @rule(euros=EUROS)
    def make(self, euros: int) -> None:
        if 0 < euros < 40:
            self.made = offer(self.people[Side.BUYER], self.lamp, amount=str(euros))
            self.pile, self.over, self.end = [(Side.BUYER, euros)], "", clock.now() + timedelta(hours=48)
        else:
            with pytest.raises(DomainError):
                offer(self.people[Side.BUYER], self.lamp, amount=str(euros))

    @precondition(lambda self: self.made is not None)
    @rule(who=WHO, euros=EUROS)
    def counter(self, who: Side, euros: int) -> None:
        low = max((amount for side, amount in self.pile if side is Side.BUYER), default=0)
        high = min((amount for side, amount in self.pile if side is Side.SELLER), default=40)
        assert self.made is not None
        if self.may(who) and low < euros < high and len(self.pile) < 20:
            service.counter_offer(self.people[who], self.made, str(euros))
            self.pile.append((who, euros))
        else:
            with pytest.raises(DomainError):
                service.counter_offer(self.people[who], self.made, str(euros))

    @precondition(lambda self: self.made is not None)
    @rule(who=WHO)
    def accept(self, who: Side) -> None:
        assert self.made is not None
        if self.may(who):
            service.accept_offer(self.people[who], self.made)
            self.over = "accepted"
        else:
            with pytest.raises(DomainError):
                service.accept_offer(self.people[who], self.made)

    @precondition(lambda self: self.made is not None)
    @rule(who=WHO, withdraw=st.booleans())
    def take_off(self, who: Side, withdraw: bool) -> None:
        verb = service.withdraw_offer if withdraw else service.decline_offer
        assert self.made is not None
        if self.may(who, own=withdraw):
            verb(self.people[who], self.made)
            if len(self.pile) > 1:
                self.pile.pop()
            else:
                self.over = "withdrawn" if withdraw else "declined"
        else:
            with pytest.raises(DomainError):
                verb(self.people[who], self.made)

    @rule(hours=st.integers(1, 20))
    def wait(self, hours: int) -> None:
        self.time.advance(timedelta(hours=hours))
        deadlines.remind()
        deadlines.end_overdue()
        if self.open and clock.now() >= self.end:
            self.over = "expired"

    @invariant()
    def it_stands_as_the_model(self) -> None:
        if self.made is None:
            return
        found = get_offer(self.people[Side.BUYER], self.made)
        side, euros = self.pile[-1]
        assert (found.card.state.value, found.card.amount.minor) == (self.over or "open", euros * 100)
        assert found.card.by is side
        assert len(found.orders) == (1 if self.over == "accepted" else 0)
        status = get_listing(self.people[Side.SELLER], self.lamp).card.status
        assert status == ("reserved" if self.over == "accepted" else "active")
        assert [*checks.run(), *order_checks.run()] == []


def test_offers_stand_as_a_plain_model(app: Flask, member: MemberFactory) -> None:
    Machine.people = {Side.BUYER: member("ana"), Side.SELLER: member("bo")}
    steps = settings(max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Machine, settings=steps)
    db.session.rollback()
