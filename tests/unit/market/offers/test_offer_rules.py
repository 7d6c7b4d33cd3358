"""Between which amounts an offer moves, what falls back on the table, and what a buyer may begin with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.market.offers import rules
from app.market.offers.rules import Bid, Table
from app.market.offers.values import MAX_BIDS, Side, State, Verb

B, S = Side.BUYER, Side.SELLER


def euros(amount: float) -> Money:
    return Money(round(amount * 100), "EUR")


def table(*said: tuple[Side, int], asked: int = 40, state: State = State.OPEN) -> Table:
    bids = [
        Bid(number, side, amount * 100, number - 1 if number > 1 else None)
        for number, (side, amount) in enumerate(said, 1)
    ]
    return Table(state=state, asked=euros(asked), bids=bids)


def test_whose_turn_it_is() -> None:
    now = table((B, 20), (S, 36))
    assert rules.allowed(now, B) == [Verb.ACCEPT, Verb.COUNTER, Verb.DECLINE]
    assert rules.allowed(now, S) == [Verb.WITHDRAW]
    assert rules.allowed(now, Side.HOUSE) == []
    assert rules.allowed(table((B, 20), state=State.EXPIRED), S) == []


def test_there_is_an_end_to_it() -> None:
    cent = Table(state=State.OPEN, asked=euros(40), bids=[Bid(1, B, 3000), Bid(2, S, 3001, 1)])
    assert rules.allowed(cent, B) == [Verb.ACCEPT, Verb.DECLINE]
    many = table(*[(B if number % 2 else S, number) for number in range(1, MAX_BIDS + 1)], asked=100)
    assert Verb.COUNTER not in rules.allowed(many, B)


@pytest.mark.parametrize("amount", [20, 19, 36, 37, 0])
def test_a_counter_lies_between(amount: int) -> None:
    with pytest.raises(Invalid):
        rules.check_counter(table((B, 20), (S, 36)), euros(amount))
    rules.check_counter(table((B, 20), (S, 36)), euros(35.99))


def test_the_last_word_of_the_seller_holds_instead_of_what_they_said_beforehand() -> None:
    assert rules.accepts_at_once(table((B, 35)), euros(35))
    assert not rules.accepts_at_once(table((B, 34)), euros(35))
    assert not rules.accepts_at_once(table((B, 35)), None)
    assert not rules.accepts_at_once(table((B, 30), (S, 38), (B, 36)), euros(35))
    assert not rules.accepts_at_once(table((B, 30), (S, 36)), euros(1))


def test_what_becomes_of_each_bid() -> None:
    steps = [(1, Verb.MAKE), (2, Verb.COUNTER), (3, Verb.COUNTER), (4, Verb.DECLINE), (5, Verb.WITHDRAW)]
    assert rules.fates(steps[:3], State.OPEN) == {1: "countered", 2: "countered", 3: "open"}
    assert rules.fates(steps, State.OPEN) == {3: "declined", 2: "withdrawn", 1: "open"}
    assert rules.fates([*steps, (6, Verb.ACCEPT)], State.ACCEPTED)[1] == "accepted"


@pytest.mark.parametrize(
    ("asked", "found"), [(40, 36), (47, 42), (9.5, 8.5), (450, 400), (1200, 1050), (4500, 4000), (0.05, 0.04)]
)
def test_nine_tenths_as_people_say_it(asked: float, found: float) -> None:
    assert rules.suggested(euros(asked)) == euros(found)


def test_what_things_alike_were_sold_for() -> None:
    assert rules.suggested(euros(40), [3000] * 4) == euros(36), "four say nothing"
    assert rules.suggested(euros(40), [2900, 3000, 3000, 3100, 9000]) == euros(30)
    assert rules.suggested(euros(40), [100] * 5) == euros(20), "not below half"
    assert rules.suggested(euros(40), [9000] * 5) == euros(38), "below the price"
    assert rules.suggested(Money(1, "EUR")) is None
    assert rules.suggested(Money(3000, "JPY")) == Money(2700, "JPY")


@given(st.integers(2, 10**9), st.lists(st.integers(0, 10**9), max_size=9))
def test_a_suggestion_is_an_amount_that_can_be_offered(asked: int, sold: list[int]) -> None:
    found = rules.suggested(Money(asked, "EUR"), sold)
    if found is not None:
        rules.check_first(found, Money(asked, "EUR"))


def test_the_operator_sets_the_times() -> None:
    assert rules.times_of(()) == (timedelta(hours=48), timedelta(hours=12))
    assert rules.times_of((("offer", timedelta(hours=8), None),)) == (timedelta(hours=8), timedelta(hours=4))
    assert rules.times_of((("transfer", timedelta(hours=8), None),))[0] == timedelta(hours=48)
