"""Reactions run once, again after a failure, and park what they cannot digest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app.kernel.clock import Clock
from app.kernel.events import Event
from app.people.accounts.models import Role
from app.platform import database, event_log
from app.platform.database import db, unit_of_work
from app.platform.event_log import Start
from app.platform.parked_events import retry


@dataclass(frozen=True, kw_only=True)
class BellRung(Event):
    number: int


@pytest.fixture
def only_ours(app: Flask) -> Iterator[None]:
    """The wings' reactions stay out of these tests."""
    before = event_log.reactions()
    event_log._REACTIONS.here().clear()
    yield
    event_log._REACTIONS.here().clear()
    event_log._REACTIONS.here().update(before)


def _listen(
    handle: event_log.Handler,
    concerns: Callable[[Event], bool] | None = None,
    handle_all: event_log.HandleAll | None = None,
) -> None:
    event_log.register_reaction(
        current_app, "ear", [BellRung], handle, starts=Start.BEGINNING, concerns=concerns, handle_all=handle_all
    )


def _ring(*numbers: int) -> None:
    for number in numbers:
        with unit_of_work() as unit:
            unit.record(BellRung(number=number))


def _numbers() -> list[int]:
    return [entry.event.payload()["number"] for entry in event_log.read_after(0, ["BellRung"])]  # type: ignore[misc] # the field is an int


@pytest.mark.usefixtures("only_ours")
def test_a_reaction_hears_every_event_once_and_in_order() -> None:
    heard: list[Any] = []
    _listen(lambda event, _id: heard.append(event))
    _ring(1, 2, 3)
    assert event_log.run_reactions() == 3
    assert event_log.run_reactions() == 0
    assert [event.number for event in heard] == [1, 2, 3]


@pytest.mark.usefixtures("only_ours")
def test_what_a_failed_reaction_wrote_is_undone_and_done_again(fixed_clock: Clock) -> None:
    tries: list[Event] = []

    def handle(event: Event, _id: int) -> None:
        db.session.add(Role(name=f"try-{len(tries)}"))
        db.session.flush()
        tries.append(event)
        if len(tries) == 1:
            raise ValueError("out of tune")

    _listen(handle)
    _ring(1)
    assert event_log.run_reactions() == 0
    assert event_log.run_reactions() == 0, "it waits before the next try"
    assert len(tries) == 1
    fixed_clock.advance(timedelta(minutes=1))
    assert event_log.run_reactions() == 1
    names = set(db.session.scalars(select(Role.name).where(Role.name.like("try-%"))))
    assert names == {"try-1"}


@pytest.mark.usefixtures("only_ours")
def test_what_keeps_failing_is_parked_and_holds_up_nothing(fixed_clock: Clock) -> None:
    heard: list[int] = []
    healthy = [False]

    def handle(event: Event, _id: int) -> None:
        assert isinstance(event, BellRung)
        if event.number == 1 and not healthy[0]:
            raise ValueError("never")
        heard.append(event.number)

    _listen(handle)
    _ring(1, 2)
    for _ in range(event_log.MAX_TRIES):
        event_log.run_reactions()
        fixed_clock.advance(timedelta(hours=1))
    event_log.run_reactions()
    assert heard == [2]
    [row] = event_log.parked()
    assert row.subscriber == "ear"
    assert "never" in row.error
    healthy[0] = True
    assert retry(row.event_id) == ["ear"]
    assert heard == [2, 1]
    assert event_log.parked() == []


@pytest.mark.usefixtures("only_ours")
def test_several_are_handled_together_and_alone_where_that_fails(
    fixed_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log, "TOGETHER", 3)
    alone: list[int] = []
    together: list[list[int]] = []

    def number(event: Event) -> int:
        assert isinstance(event, BellRung)
        return event.number

    def handle(event: Event, _id: int) -> None:
        alone.append(number(event))
        if number(event) == 5 and alone.count(5) == 1:
            raise ValueError("out of tune")

    def handle_all(events: Sequence[tuple[Event, int]]) -> None:
        numbers = [number(event) for event, _id in events]
        db.session.add(Role(name=f"heard {numbers}"))
        db.session.flush()
        if 5 in numbers:
            raise ValueError("out of tune")
        together.append(numbers)

    _listen(handle, lambda event: number(event) != 4, handle_all)
    _ring(1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert event_log.run_reactions() == 3
    fixed_clock.advance(timedelta(minutes=5))
    assert event_log.run_reactions() == 5
    assert (together, alone) == ([[1, 2, 3], [6, 7, 8]], [5, 5, 9])
    kept = set(db.session.scalars(select(Role.name).where(Role.name.like("heard %"))))
    assert kept == {"heard [1, 2, 3]", "heard [6, 7, 8]"}, "what failed together has written nothing"


@pytest.mark.usefixtures("only_ours")
def test_a_reaction_under_another_owners_lease_waits(fixed_clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    _listen(lambda event, _id: heard.append(event))
    _ring(1)
    monkeypatch.setattr(event_log, "OWNER", "another")
    assert event_log._take_leases(list(event_log.reactions().values()))
    monkeypatch.undo()
    assert event_log.run_reactions() == 0
    fixed_clock.advance(event_log.LEASE + timedelta(seconds=1))
    assert event_log.run_reactions() == 1
    assert len(heard) == 1


@pytest.mark.usefixtures("only_ours")
def test_what_does_not_concern_a_reaction_is_passed_over_for_good(fixed_clock: Clock) -> None:
    """Its place in the log moves on, but never past an event that waits for another try."""
    heard: list[int] = []
    sick = [4]

    def handle(event: Event, _id: int) -> None:
        number = int(event.payload()["number"] or 0)
        if number in sick:
            raise ValueError("out of tune")
        heard.append(number)

    _listen(handle, lambda event: event.payload()["number"] not in {1, 3, 5})
    _ring(1, 2, 3, 4, 5)
    assert event_log.run_reactions() == 1
    first, *_others = [entry.id for entry in event_log.read_after(0, ["BellRung"])]
    assert _position() == first + 2, "behind the third, before the one that waits"
    sick.clear()
    fixed_clock.advance(timedelta(minutes=1))
    assert event_log.run_reactions() == 1
    assert heard == [2, 4]
    assert _position() == first + 4
    _ring(5)
    assert event_log.run_reactions() == 0
    assert _position() == first + 5


def _position() -> int:
    db.session.rollback()
    ear = select(event_log.SubscriberRow.position).where(event_log.SubscriberRow.name == "ear")
    return db.session.scalar(ear) or 0


class _SlowWriter:
    """Appends event 1, and commits only when it is told to."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._appended, self._may_commit = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._write)

    def start(self) -> None:
        self._thread.start()
        assert self._appended.wait(10)

    def finish(self) -> None:
        self._may_commit.set()
        self._thread.join(10)

    def _write(self) -> None:
        with self._app.app_context():
            session = db.session()
            commit = session.commit

            def slow() -> None:
                self._appended.set()
                self._may_commit.wait(10)
                commit()

            session.commit = slow  # type: ignore[method-assign] # held up on purpose
            _ring(1)
            del session.commit
            db.session.remove()


@pytest.mark.databases("postgres")
def test_a_tail_never_passes_an_event_that_is_still_in_flight(app: Flask) -> None:
    """Two interleaved writers: ids follow the commits, so nothing appears behind the cursor."""
    slow = _SlowWriter(app)

    def quick() -> None:
        with app.app_context():
            _ring(2)
            db.session.remove()

    slow.start()
    other = threading.Thread(target=quick)
    other.start()
    other.join(0.5)
    seen_early = _numbers()
    db.session.rollback()
    slow.finish()
    other.join(10)
    assert seen_early == [], "the second writer waits for the first to commit"
    assert _numbers() == [1, 2]


@pytest.mark.databases("postgres")
def test_without_the_lock_the_tail_would_lose_an_event(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The naive twin: shows that the test above can fail."""
    monkeypatch.setattr(database, "text", lambda _sql: select(1))
    slow = _SlowWriter(app)
    slow.start()
    _ring(2)
    assert _numbers() == [2], "a cursor here would stand behind event 1 for good"
    db.session.rollback()
    slow.finish()
    assert _numbers() == [1, 2]
