"""Money is whole minor units and never mixes currencies."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.kernel.money import Money


def test_parses_major_units_by_the_digits_of_the_currency() -> None:
    assert Money.parse(Decimal("12.50"), "EUR") == Money(1250, "EUR")
    assert Money.parse(Decimal(1200), "JPY") == Money(1200, "JPY")


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "EUR"), ("0.5", "JPY")])
def test_refuses_more_digits_than_the_currency_has(amount: str, currency: str) -> None:
    with pytest.raises(Invalid):
        Money.parse(Decimal(amount), currency)


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "€"])
def test_refuses_what_is_no_currency(currency: str) -> None:
    with pytest.raises(Invalid):
        Money(1, currency)


def test_does_not_add_two_currencies() -> None:
    with pytest.raises(Invalid):
        Money(1, "EUR") + Money(1, "SEK")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_major_and_back_is_the_same(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.major, currency) == money
