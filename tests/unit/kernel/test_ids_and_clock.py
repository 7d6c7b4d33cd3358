"""Ids follow time; the clock can be held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.clock import clock
from app.kernel.ids import is_id, new_id

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_later_ids_sort_behind_earlier_ones() -> None:
    with clock.freeze(NOON) as held:
        first = new_id()
        held.advance(timedelta(milliseconds=1))
        second = new_id()
    assert first < second
    assert is_id(first)


def test_ids_of_one_moment_differ() -> None:
    with clock.freeze(NOON):
        assert len({new_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("text", ["", "a" * 25, "a" * 27, "I" * 26, "../../etc/passwd"])
def test_other_texts_are_no_ids(text: str) -> None:
    assert not is_id(text)


def test_only_a_held_clock_moves() -> None:
    with pytest.raises(RuntimeError):
        clock.advance(timedelta(1))


def test_the_clock_goes_on_after_being_held() -> None:
    with clock.freeze(NOON):
        assert clock.now() == NOON
    assert clock.now() > NOON
