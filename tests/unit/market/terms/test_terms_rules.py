"""Terms follow trust."""

from __future__ import annotations

import pytest

from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.market.terms.rules import check_choice, deposit_of, terms_for
from app.market.terms.values import DEFAULT, Beyond, Choice, Near


@pytest.mark.parametrize(
    ("distance", "ways", "near", "percent", "verified"),
    [
        (1, 0, Near.NEAR, 0, False),
        (2, 0, Near.NEAR, 0, False),
        (3, 1, Near.BEYOND, 20, False),
        (3, 2, Near.NEAR, 0, False),  # by the ways, though farther away
        (None, 0, Near.STRANGER, 20, True),
        (None, 5, Near.STRANGER, 20, True),  # ways that lead nowhere count for nothing
    ],
)
def test_the_default_asks_less_of_who_is_nearer(
    distance: int | None, ways: int, near: Near, percent: int, *, verified: bool
) -> None:
    found = terms_for(distance, ways, DEFAULT)
    assert (found.near, found.percent, found.verified) == (near, percent, verified)
    assert found.strict is (near is not Near.NEAR)


def test_one_more_way_is_said_to_change_them() -> None:
    assert terms_for(3, 1, DEFAULT).ways_missing == 1
    assert terms_for(3, 1, Choice(ways=0)).ways_missing is None
    assert not terms_for(3, 2, DEFAULT).strict


@pytest.mark.parametrize("beyond", list(Beyond))
def test_what_is_asked_of_the_others_is_the_sellers_choice(beyond: Beyond) -> None:
    found = terms_for(5, 1, Choice(beyond=beyond))
    assert (found.percent, found.in_person) == {
        Beyond.NOTHING: (0, True),
        Beyond.DEPOSIT: (20, True),
        Beyond.PREPAY: (0, False),
    }[beyond]


def test_nearer_is_never_stricter() -> None:
    for choice in (Choice(steps=s, ways=w, beyond=b) for s in (1, 2, 3) for w in (0, 2, 5) for b in Beyond):
        strict = [terms_for(distance, 1, choice).strict for distance in (1, 2, 3, 4, None)]
        assert strict == sorted(strict)


def test_a_deposit_is_a_whole_minor_unit() -> None:
    asked = terms_for(None, 0, DEFAULT)
    assert deposit_of(asked, Money(4001, "EUR")) == Money(801, "EUR")
    assert deposit_of(asked, Money(0, "EUR")) is None
    assert deposit_of(terms_for(1, 0, DEFAULT), Money(4000, "EUR")) is None


@pytest.mark.parametrize(
    ("steps", "ways", "beyond", "percent"),
    [(0, 2, "deposit", 20), (4, 2, "deposit", 20), (2, 9, "deposit", 20), (2, 2, "all", 20), (2, 2, "deposit", 25)],
)
def test_what_nobody_can_choose_is_refused(steps: int, ways: int, beyond: str, percent: int) -> None:
    with pytest.raises(Invalid):
        check_choice(steps, ways, beyond, percent, verified=True)
