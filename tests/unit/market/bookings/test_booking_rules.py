"""Which times a plan means, what can be done when, and the calendar file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.market.bookings.rules import Entry, Standing, calendar_file, doable, fitting
from app.market.bookings.values import Span
from app.market.orders.values import Stage, Who

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPANS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(1, 20)).map(
        lambda two: Span(NOW + timedelta(hours=two[0]), NOW + timedelta(hours=two[0] + two[1]))
    ),
    max_size=12,
)


@given(SPANS, SPANS)
def test_times_that_are_opened_never_cross(wanted: list[Span], there: list[Span]) -> None:
    found = fitting(wanted, there, NOW)
    for place, one in enumerate(found):
        assert one.start > NOW
        for other in [*there, *found[:place]]:
            assert one.end <= other.start or other.end <= one.start


def standing(**other: object) -> Standing:
    return Standing(**{"stage": Stage.CONFIRMED, "starts_at": NOW, "role": Who.BUYER, **other})  # type: ignore[arg-type] # a test's


def test_what_can_be_done_and_when() -> None:
    before, at, late = NOW - timedelta(hours=1), NOW, NOW + timedelta(minutes=15)
    assert doable(before, standing()) == {"move"}
    assert doable(before, standing(proposed_by=Who.SELLER)) == {"move", "agree", "decline"}
    assert doable(before, standing(proposed_by=Who.BUYER)) == {"move", "decline"}
    assert doable(at, standing()) == set()
    assert doable(late, standing()) == {"no_show"}
    assert doable(late, standing(missed=frozenset({Who.SELLER}))) == set()
    assert doable(late, standing(missed=frozenset({Who.BUYER}))) == {"no_show"}
    assert doable(NOW + timedelta(days=15), standing()) == set()
    assert doable(before, standing(stage=Stage.CANCELLED)) == set()


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_calendar_file_has_short_lines_and_no_line_of_anybody_else(title: str, place: str) -> None:
    entry = Entry(
        ident="1",
        title=title,
        place=place,
        url="https://kin.example/b",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
    )
    written = calendar_file([entry], NOW)
    lines = written.split("\r\n")
    assert all(len(line.encode(errors="surrogatepass")) <= 75 for line in lines)
    unfolded = written.replace("\r\n ", "").split("\r\n")
    assert [line.split(":")[0] for line in unfolded[:-1]] == [
        *("BEGIN", "VERSION", "PRODID", "CALSCALE", "BEGIN", "UID", "DTSTAMP", "DTSTART", "DTEND"),
        *("SUMMARY", "LOCATION", "URL", "END", "END"),
    ]
    assert "DTSTART:20260302T090000Z" in unfolded
