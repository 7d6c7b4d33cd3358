"""How far an ask goes, step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.community.questions.rules import first_hops, next_hops, widens_at
from app.community.questions.values import EVERYBODY


@pytest.mark.parametrize(
    ("reach", "distances", "begins"),
    [(1, {1, 2}, 1), (3, {1, 2, 3}, 1), (3, {2, 3}, 2), (1, set(), 1), (3, set(), 3), (EVERYBODY, set(), EVERYBODY)],
)
def test_it_begins_with_the_nearest_who_are_there(reach: int, distances: set[int], begins: int) -> None:
    assert first_hops(reach, distances) == begins


@pytest.mark.parametrize(
    ("hops", "reach", "distances", "then"),
    [(1, 3, {1, 2, 3}, 2), (1, 3, {1, 3}, 3), (2, 2, {3}, 2), (3, EVERYBODY, set(), EVERYBODY), (1, 3, {1}, 3)],
)
def test_each_step_finds_somebody_and_never_passes_the_reach(
    hops: int, reach: int, distances: set[int], then: int
) -> None:
    assert next_hops(hops, reach, distances) == then


def test_it_waits_a_day_while_nobody_answers() -> None:
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert widens_at(at, hops=1, reach=3, answers=0) == at + timedelta(hours=24)
    assert widens_at(at, hops=3, reach=3, answers=0) is None
    assert widens_at(at, hops=1, reach=3, answers=1) is None
