"""When something is due; pure, by given clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.subjects import Subject
from app.notifications.delivery.rules import GRACE, MAX_TRIES, due_at, wait_after
from app.notifications.inbox.rules import own_path, place_of, subject_of
from app.notifications.kinds.values import KINDS, Channel, Group, Pace, kind_named
from app.notifications.preferences.values import Day, Wishes

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(21, 59), at(21, 59)),
        (at(22), at(7, day=2)),
        (at(23, 30), at(7, day=2)),
        (at(3), at(7)),
        (at(6, 59), at(7)),
        (at(7), at(7)),
    ],
)
def test_quiet_hours_over_midnight(now: datetime, expected: datetime) -> None:
    assert Day("UTC", 22 * 60, 7 * 60).after_quiet(now) == expected


def test_quiet_hours_by_day() -> None:
    nap = Day("UTC", 13 * 60, 15 * 60)
    assert nap.after_quiet(at(14)) == at(15)
    assert nap.after_quiet(at(15)) == at(15)
    assert Day("UTC", 60, 60).after_quiet(at(1)) == at(1)


def test_the_night_the_clock_changes() -> None:
    """In Berlin on 25 October 2026 three o’clock comes twice; seven comes once."""
    berlin = Day("Europe/Berlin", 22 * 60, 7 * 60)
    late = datetime(2026, 10, 24, 21, tzinfo=UTC)
    assert berlin.after_quiet(late) == datetime(2026, 10, 25, 6, tzinfo=UTC)


def test_digests_come_in_the_morning_of_the_reader() -> None:
    tokyo = Day("Asia/Tokyo")
    assert tokyo.next_digest(NOON, Pace.DAILY) == at(23)
    assert Day().next_digest(at(8), Pace.DAILY) == at(8, day=2)
    assert Day().next_digest(at(7, 59), Pace.WEEKLY) == at(8)
    assert Day().next_digest(NOON, Pace.WEEKLY) == at(8, day=8)


def test_due() -> None:
    night = Day("UTC", 11 * 60, 14 * 60)
    assert due_at(NOON, Pace.NOW, Day(), fixed=False, online=False) == NOON
    assert due_at(NOON, Pace.NOW, Day(), fixed=False, online=True) == NOON + GRACE
    assert due_at(NOON, Pace.NOW, night, fixed=False, online=True) == at(14)
    assert due_at(NOON, Pace.NOW, night, fixed=True, online=True) == NOON


def test_waits_grow() -> None:
    waits = [wait_after(tries) for tries in range(1, MAX_TRIES + 3)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)


def test_every_kind_is_whole() -> None:
    for name, kind in KINDS.items():
        assert len(name) <= 20
        assert kind.title
        assert "%(title)s" not in kind.one + kind.many
        assert kind.fixed == (kind.group is Group.SECURITY)
        assert {kind.default(channel) for channel in Channel} <= set(Pace)
    assert kind_named("no longer known").title


def test_fixed_ones_hold_whatever_is_stored() -> None:
    wishes = Wishes({("signed_in", "email"): Pace.OFF}, Day())
    assert wishes.pace("signed_in", Channel.EMAIL) is Pace.NOW


@pytest.mark.parametrize("kind", ["conversation", "listing", "item", "ask"])
def test_a_place_and_its_thing(kind: str) -> None:
    thing = Subject(kind, "01j8")
    place = place_of(thing)
    assert place
    assert subject_of(place) == thing


@pytest.mark.parametrize("path", ["/", "/notifications", "/m/../x", "/m/" + "a" * 60, "/static/x", "//evil/x"])
def test_pages_of_nothing(path: str) -> None:
    assert subject_of(path) is None


@pytest.mark.parametrize("url", ["//evil.org", "https://evil.org", "/\\evil.org", "javascript:1", None, 5])
def test_links_stay_here(url: object) -> None:
    assert own_path(url) is None
