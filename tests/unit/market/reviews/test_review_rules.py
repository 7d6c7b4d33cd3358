"""What a review may say, and what the clock does when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.errors import Conflict, Forbidden, Invalid
from app.market.orders.values import Delivery, Stage, Who
from app.market.reviews import rules
from app.market.reviews.values import Part, ReviewDraft, Score, Time

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_only_what_was_sent_has_been_packed_and_only_buyers_judge_the_description() -> None:
    assert rules.parts_for(Who.BUYER, Delivery.SHIP) == tuple(Part)
    assert Part.PACKAGING not in rules.parts_for(Who.BUYER, Delivery.MEET)
    assert rules.parts_for(Who.SELLER, Delivery.SHIP) == (Part.COMMUNICATION, Part.PUNCTUAL)


@pytest.mark.parametrize("stars", [0, 6, -1, None, True, "5", 4.5])
def test_stars_are_whole_and_from_one_to_five(stars: object) -> None:
    with pytest.raises(Invalid, match="1 to 5 stars"):
        rules.check_draft(ReviewDraft(stars=stars), ())  # type: ignore[arg-type] # as it is sent


def test_details_that_do_not_apply_are_left_out() -> None:
    parts = rules.parts_for(Who.SELLER, Delivery.MEET)
    kept = rules.check_draft(ReviewDraft(stars=5, parts={"described": 1, "punctual": 4}), parts)
    assert kept == {"described": None, "communication": None, "punctual": 4, "packaging": None}
    with pytest.raises(Invalid):
        rules.check_draft(ReviewDraft(stars=5, parts={"punctual": 9}), parts)


def test_it_is_open_for_two_weeks_after_completion() -> None:
    last = NOON + timedelta(days=14)
    rules.check_open(Stage.COMPLETED, NOON, last - timedelta(seconds=1))
    with pytest.raises(Conflict) as closed:
        rules.check_open(Stage.COMPLETED, NOON, last)
    assert closed.value.error_code == "review_closed"
    with pytest.raises(Conflict) as early:
        rules.check_open(Stage.RECEIVED, NOON, NOON)
    assert early.value.error_code == "not_now"


def test_the_table_of_times() -> None:
    days = [(rules.time_at(done), (at - NOON).days) for done in range(4) if (at := rules.next_at(NOON, done))]
    assert days == [(Time.REMIND_WEEK, 7), (Time.REMIND_DAY, 13), (Time.UNCOVER, 14), (Time.HAPPY, 30)]
    assert rules.next_at(NOON, 4) is None
    assert [rules.days_left(one) for one in (Time.REMIND_WEEK, Time.REMIND_DAY)] == [7, 1]


def test_only_what_a_buyer_was_unhappy_with_is_put_right() -> None:
    rules.check_recoverable(2, Who.BUYER)
    for stars, role in ((3, Who.BUYER), (1, Who.SELLER)):
        with pytest.raises(Forbidden):
            rules.check_recoverable(stars, role)


@pytest.mark.parametrize(
    ("counts", "average"),
    [({}, ""), ({5: 3}, "5.0"), ({4: 1, 5: 1}, "4.5"), ({1: 1, 2: 2}, "1.7"), ({5: 19, 4: 1}, "5.0")],
)
def test_an_average_is_rounded_half_up(counts: dict[int, int], average: str) -> None:
    assert Score(counts=counts).average == average
