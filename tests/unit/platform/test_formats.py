"""How money and times read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from babel.dates import format_timedelta

from app.kernel.clock import clock
from app.kernel.money import Money
from app.platform.formats import ago, money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1800, "EUR", "€18"),
        (1850, "EUR", "€18.50"),
        (12000, "SEK", "SEK\N{NO-BREAK SPACE}120"),
        (110000, "SEK", "SEK\N{NO-BREAK SPACE}1,100"),
        (500, "JPY", "¥500"),
    ],
)
def test_money_has_no_idle_zeros_and_a_space_after_a_word(minor: int, currency: str, text: str) -> None:
    assert money(Money(minor, currency)) == text


def test_a_distance_is_told_as_babel_tells_it() -> None:
    """Kept by what is told of it: at no length another text comes back."""
    dice, now = Random(3), datetime(2026, 6, 1, 12, tzinfo=UTC)
    units = [1, 60, 3600, 86400, 86400 * 7, 86400 * 30, 86400 * 365]
    lengths = [unit * share + more for unit in units for share in (0.85, 1, 1.5, 6, 10.5) for more in (-1, -0.5, 0, 1)]
    lengths += [10 ** dice.uniform(0, 9) for _time in range(3000)]
    wrong = []
    with clock.freeze(now):
        for seconds in [*lengths, *(-one for one in lengths)]:
            passed = timedelta(seconds=seconds)
            if timedelta(0) <= passed < timedelta(minutes=1):
                continue
            at = now - passed
            if passed > timedelta(hours=1):
                passed = timedelta(minutes=passed // timedelta(minutes=1))
            if ago(at) != format_timedelta(-passed, add_direction=True, locale="en"):
                wrong.append((seconds, ago(at)))
    assert wrong == []
