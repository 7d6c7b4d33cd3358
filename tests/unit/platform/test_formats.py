"""How money reads."""

from __future__ import annotations

import pytest

from app.kernel.money import Money
from app.platform.formats import money


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
