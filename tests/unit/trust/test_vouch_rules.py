"""Strengths and ends of vouches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.trust.vouches.rules import fits_expiry, in_force, strength_of
from app.trust.vouches.values import Strength

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("name", "weight"), [("acquainted", 0.3), ("trust", 0.6), ("trust_fully", 1.0)])
def test_strengths_have_the_weights_of_the_design(name: str, weight: float) -> None:
    found = strength_of(name)
    assert found is not None
    assert found.weight == weight


@pytest.mark.parametrize("name", ["", "fully", None, "TRUST"])
def test_other_words_are_no_strength(name: str | None) -> None:
    assert strength_of(name) is None


def test_an_end_lies_ahead_and_within_ten_years() -> None:
    assert fits_expiry(None, NOW)
    assert fits_expiry(NOW + timedelta(seconds=1), NOW)
    assert not fits_expiry(NOW, NOW)
    assert not fits_expiry(NOW + timedelta(days=4000), NOW)


def test_a_vouch_counts_until_its_end() -> None:
    assert in_force(None, NOW)
    assert in_force(NOW + timedelta(seconds=1), NOW)
    assert not in_force(NOW, NOW)
    assert Strength.TRUST in set(Strength)
