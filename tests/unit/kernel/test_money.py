"""Money is whole minor units, never mixes currencies, and reads what people type without guessing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_decimal, get_currency_precision, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.kernel.money import Money, Rounding, digits

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "SEK"])
AMOUNTS = st.integers(-(10**12), 10**12)


def read(typed: str, currency: str) -> Money | str:
    """The amount, or the code of the refusal."""
    try:
        return Money.parse(typed, currency)
    except Invalid as problem:
        return problem.error_code


def test_decimals_are_those_of_the_currency_data() -> None:
    for currency in list_currencies():
        assert digits(currency) == get_currency_precision(currency), currency


TYPED = [
    *[(one, "EUR", 1250) for one in ("12,50", "12.50", "12,5", " 12.5 ", "€ 12,50", "12,50 €", "12.50 eur")],
    *[(one, "EUR", 1250) for one in ("١٢٫٥٠", "१२.५०", "１２．５", "۱۲٫۵", "\u200e12,50\u200e")],
    *[(one, "EUR", 100000) for one in ("1000", "1 000,00", "1\u00a0000", "1\u202f000,0", "1'000")],
    *[(one, "EUR", 100000) for one in ("1’000.00", "1.000,00")],
    *[(one, "EUR", 100000) for one in ("1,000.00", "١٬٠٠٠٫٠٠", "1000,-", "1000.–")],
    *[(one, "EUR", 100000000) for one in ("1.000.000", "1,000,000", "1 000 000", "1'000'000", "1.000.000,00")],
    ("1,00,000", "INR", 10000000),
    ("1,00,000.50", "INR", 10000050),
    *[(one, "JPY", 1000) for one in ("1,000", "1.000", "1 000", "1000", "￥1,000", "１，０００")],
    ("1.250", "KWD", 1250),
    ("0,250", "KWD", 250),
    *[(one, "EUR", -300) for one in ("-3", "−3", "-3,00")],
    (".5", "EUR", 50),
    ("5.", "EUR", 500),
]


@pytest.mark.parametrize(("typed", "currency", "minor"), TYPED)
def test_what_people_type(typed: str, currency: str, minor: int) -> None:
    assert Money.parse(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency", "hint"),
    [
        ("1.000", "EUR", "write 1000 if you mean 1000 EUR, or 1.00"),
        ("1,000", "EUR", "write 1000 if you mean 1000 EUR, or 1.00"),
        ("12.345", "EUR", "12345"),
        ("999,999", "SEK", "999999"),
        ("1,250", "KWD", "write 1250"),
        ("0.005", "EUR", "at most 2"),
        ("1.0000", "EUR", "at most 2"),
        ("1,000.000", "EUR", "at most 2"),
        ("0.5", "JPY", "whole number"),
        ("12,50", "JPY", "whole number"),
        ("$5", "EUR", "choose the currency"),
        ("12 USD", "EUR", "12.50"),
        *((one, "EUR", "write it as") for one in ("", "abc", "1e5", "12 50", "1,000,0", "1.000.00", "NaN", "²", "--5")),
        ("9" * 39, "EUR", "range"),
        ("9" * 41, "EUR", "too long"),
    ],
)
def test_what_is_not_clear_is_refused_with_a_hint(typed: str, currency: str, hint: str) -> None:
    with pytest.raises(Invalid, match=hint.replace(".", r"\.")):
        Money.parse(typed, currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.5", "JPY"), *((one, "EUR") for one in ("1.005", "1e-999999", "NaN", "sNaN", "Infinity", "1e30"))],
)
def test_refuses_numbers_that_are_no_amount(amount: str, currency: str) -> None:
    with pytest.raises(Invalid):
        Money.parse(Decimal(amount), currency)


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "€", "ÄÖÜ"])
def test_refuses_what_is_no_currency(currency: str) -> None:
    with pytest.raises(Invalid):
        Money(1, currency)


@given(AMOUNTS, CURRENCIES)
def test_major_and_back_is_the_same(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.major, currency) == money
    assert Money.parse(f"{money.major:f}", currency) == money


@given(st.integers(0, 10**12), CURRENCIES, st.sampled_from(["de", "en", "fr", "de_CH", "sv", "ar_EG", "hi", "fa"]))
def test_what_a_language_writes_is_read_or_refused_never_taken_for_another_amount(
    minor: int, currency: str, locale: str
) -> None:
    money = Money(minor, currency)
    pattern = "#,##0." + "0" * digits(currency) if digits(currency) else "#,##0"
    written = format_decimal(money.major, pattern, locale=locale, numbering_system="default")
    assert read(written, currency) in {money, "ambiguous_amount"}, written


@given(st.text(max_size=45), CURRENCIES)
def test_any_text_is_an_amount_or_refused(text: str, currency: str) -> None:
    found = read(text, currency)
    assert found in {"bad_amount", "ambiguous_amount"} or (isinstance(found, Money) and abs(found.minor) < 10**15)


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_sums_differences_and_order_are_those_of_the_minor_units(a: int, b: int, currency: str) -> None:
    one, other = Money(a, currency), Money(b, currency)
    assert (one + other) - other == one
    assert -(one - other) == other - one
    assert (one < other, one <= other, one > other, one >= other) == (a < b, a <= b, a > b, a >= b)


def test_two_currencies_are_never_added_or_compared() -> None:
    euro, crown = Money(1, "EUR"), Money(1, "SEK")
    for attempt in (
        lambda: euro + crown,
        lambda: euro - crown,
        lambda: euro < crown,
        lambda: euro <= crown,
        lambda: euro > crown,
        lambda: euro >= crown,
    ):
        with pytest.raises(Invalid):
            attempt()
    assert euro != crown


@pytest.mark.parametrize(
    ("minor", "factor", "rounding", "expected"),
    [
        (5, Fraction(1, 2), Rounding.HALF_UP, 3),
        (-5, Fraction(1, 2), Rounding.HALF_UP, -3),
        (5, Fraction(1, 2), Rounding.HALF_EVEN, 2),
        (7, Fraction(1, 2), Rounding.HALF_EVEN, 4),
        (-5, Fraction(1, 2), Rounding.HALF_EVEN, -2),
        (5, Fraction(1, 2), Rounding.DOWN, 2),
        (-5, Fraction(1, 2), Rounding.DOWN, -3),
        (5, Fraction(1, 3), Rounding.UP, 2),
        (1999, Decimal("0.19"), Rounding.HALF_UP, 380),
        (1999, 3, Rounding.HALF_UP, 5997),
    ],
)
def test_times_rounds_as_it_is_told(
    minor: int, factor: int | Decimal | Fraction, rounding: Rounding, expected: int
) -> None:
    assert Money(minor, "EUR").times(factor, rounding) == Money(expected, "EUR")


@given(AMOUNTS, st.fractions(-1000, 1000, max_denominator=999), st.sampled_from(list(Rounding)))
def test_times_is_never_off_by_a_whole_unit(minor: int, factor: Fraction, rounding: Rounding) -> None:
    exact = minor * factor
    found = Money(minor, "EUR").times(factor, rounding).minor
    assert abs(found - exact) < 1
    if rounding in {Rounding.HALF_UP, Rounding.HALF_EVEN}:
        assert abs(found - exact) * 2 <= 1


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_parts_add_up_and_each_is_its_share_rounded_up_or_down(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "EUR").allocate(weights)
    assert sum(part.minor for part in parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(minor * weight, sum(weights))) < 1
        assert weight or not part


def test_the_largest_remainder_gets_what_is_left() -> None:
    assert [one.minor for one in Money(100, "EUR").allocate([1, 1, 1])] == [34, 33, 33]
    assert [one.minor for one in Money(10, "EUR").allocate([5, 3, 7])] == [3, 2, 5]
    for weights in ([], [0, 0], [-1, 2]):
        with pytest.raises(Invalid):
            Money(1, "EUR").allocate(weights)


def test_an_amount_is_a_whole_number_and_factors_are_exact() -> None:
    for bad in (1.5, True, "1"):
        with pytest.raises(Invalid):
            Money(bad, "EUR")  # type: ignore[arg-type] # what callers without types may do
    with pytest.raises(Invalid):
        Money(1, "EUR").times(0.1, Rounding.UP)  # type: ignore[arg-type] # binary fractions are not exact
