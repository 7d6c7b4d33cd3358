"""Which audiences a listing can have, and how they grow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.kernel.errors import Invalid
from app.market.audiences.values import TO_EVERYONE, Audience
from app.market.listings.rules import check_audience


@pytest.mark.parametrize(
    ("steps", "days", "most", "expected"),
    [
        (0, 0, 0, TO_EVERYONE),
        (0, 3, 2, TO_EVERYONE),  # everyone is not widened
        (1, 0, 2, Audience(steps=1)),  # what stays so has no other end
        (1, 3, 2, Audience(steps=1, days=3, most=2)),
        (2, 7, 0, Audience(steps=2, days=7)),
    ],
)
def test_what_fits_is_kept(steps: int, days: int, most: int, expected: Audience) -> None:
    assert check_audience(steps, days, most) == expected


@pytest.mark.parametrize(("steps", "days", "most"), [(-1, 0, 0), (4, 0, 0), (1, 2, 0), (2, 3, 2), (2, 3, 1), (1, 1, 9)])
def test_what_does_not_is_refused(steps: int, days: int, most: int) -> None:
    with pytest.raises(Invalid):
        check_audience(steps, days, most)


def test_an_audience_grows_by_a_step_until_its_end() -> None:
    begun = Audience(steps=1, days=3)
    assert begun.every == timedelta(days=3)
    assert begun.wider == Audience(steps=2, days=3)
    assert begun.wider.wider.wider == TO_EVERYONE


def test_one_with_an_end_stays_there() -> None:
    ended = Audience(steps=1, days=3, most=2).wider
    assert ended == Audience(steps=2)
    assert ended.every is None
