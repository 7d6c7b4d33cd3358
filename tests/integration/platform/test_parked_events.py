"""What a reaction cannot handle or read is parked, the others go on, and the operator decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask, current_app
from sqlalchemy import insert, select

from app.kernel.clock import clock
from app.kernel.errors import Invalid, NotFound
from app.kernel.events import Event
from app.platform import event_log, parked_events
from app.platform.commands import group
from app.platform.database import EventRow, db, unit_of_work
from app.platform.event_log import ParkedRow, Start, SubscriberRow

HEARD: list[int] = []
SICK: set[int] = set()


@dataclass(frozen=True, kw_only=True)
class GongStruck(Event):
    number: int


@dataclass(frozen=True, kw_only=True)
class HornBlown(Event):
    number: int


def _handle(event: Event, _event_id: int) -> None:
    number = event.payload()["number"]
    if number in SICK:
        raise ValueError(f"no ear for {number}")
    HEARD.append(int(number or 0))


@pytest.fixture(autouse=True)
def only_ours(app: Flask) -> Iterator[None]:
    before = event_log.reactions()
    event_log._REACTIONS.here().clear()
    HEARD.clear()
    SICK.clear()
    yield
    event_log._REACTIONS.here().clear()
    event_log._REACTIONS.here().update(before)


def listen(*kinds: type[Event], name: str = "ear", starts: Start = Start.BEGINNING) -> None:
    event_log.register_reaction(current_app, name, kinds, _handle, starts=starts)


def strike(*numbers: int, kind: type[Any] = GongStruck) -> None:
    for number in numbers:
        with unit_of_work() as work:
            work.record(kind(number=number))


def store(payload: Any, name: str = "GongStruck") -> int:
    """A row as an older or a broken version has left it."""
    with unit_of_work():
        row = db.session.execute(
            insert(EventRow).values(name=name, payload=payload, at=clock.now()).returning(EventRow.id)
        )
        return int(row.scalar_one())


def run(*words: str) -> tuple[int, str]:
    db.session.rollback()
    done = CliRunner().invoke(group, words)
    return done.exit_code, done.output + ("" if done.exception is None else str(done.exception))


@pytest.mark.parametrize("payload", [{}, {"number": "one"}, {"number": None}, {"number": True}, [], "x", 5])
def test_an_unreadable_event_is_parked_at_once_and_later_ones_go_on(payload: Any) -> None:
    listen(GongStruck)
    strike(1)
    broken = store(payload)
    strike(2)
    event_log.run_reactions()
    assert HEARD == [1, 2]
    [row] = parked_events.waiting()
    assert (row.event_id, row.event, row.reaction) == (broken, "GongStruck", "ear")
    assert row.error.startswith("UnreadableEvent: GongStruck")
    assert [entry.event.payload()["number"] for entry in event_log.read_after(0, ["GongStruck"])] == [1, 2]
    assert any(str(broken) in line for line in event_log.breaches())


def test_each_reaction_that_hears_it_parks_it(app: Flask) -> None:
    listen(GongStruck, name="left")
    listen(GongStruck, HornBlown, name="right")
    broken = store({})
    event_log.run_reactions()
    assert [(one.event_id, one.reaction) for one in parked_events.waiting()] == [(broken, "left"), (broken, "right")]


def test_parked_events_are_listed_retried_and_dropped_by_command(app: Flask) -> None:
    listen(GongStruck)
    assert run("parked") == (0, "nothing is parked\n")
    broken = store({})
    mended = store({"number": "later"})
    event_log.run_reactions()
    code, text = run("parked")
    assert code == 0
    assert str(broken) in text
    assert "GongStruck" in text
    assert "ear" in text

    code, text = run("retry", str(mended))
    assert code == 1
    assert f"ear could not handle event {mended}: UnreadableEvent: GongStruck.number is a str" in text
    with unit_of_work():
        db.session.get_one(EventRow, mended).payload = {"number": 8}
    assert run("retry", str(mended)) == (0, f"ear has handled event {mended}\n")
    assert HEARD == [8]

    assert run("drop", str(broken), "--why", "it never was one") == (0, f"ear lets event {broken} go\n")
    assert run("parked") == (0, "nothing is parked\n")
    kept = db.session.execute(select(ParkedRow.why, ParkedRow.dropped_at)).one()
    assert kept.why == "it never was one"
    assert kept.dropped_at is not None
    assert event_log.breaches() == []


def test_a_retry_that_fails_leaves_it_parked_with_what_it_says_now(app: Flask) -> None:
    listen(GongStruck)
    ident = store({})
    event_log.run_reactions()
    SICK.add(5)
    with unit_of_work():
        db.session.get_one(EventRow, ident).payload = {"number": 5}
    with pytest.raises(parked_events.StillFails, match="no ear for 5"):
        parked_events.retry(ident)
    [row] = parked_events.waiting()
    assert "no ear for 5" in row.error
    SICK.clear()
    assert parked_events.retry(ident) == ["ear"]
    assert HEARD == [5]


def test_retrying_what_only_one_reaction_parked_runs_only_that_one(app: Flask) -> None:
    listen(GongStruck)
    ident = store({})
    event_log.run_reactions()
    listen(GongStruck, name="newcomer")
    with unit_of_work():
        db.session.get_one(EventRow, ident).payload = {"number": 4}
    parked_events.retry(ident)
    assert HEARD == [4]


@pytest.mark.parametrize("words", [("retry", "7"), ("drop", "7", "--why", "x")])
def test_what_is_not_parked_is_said_so(app: Flask, words: tuple[str, ...]) -> None:
    code, text = run(*words)
    assert code == 1
    assert "Event 7 is not parked" in text


@pytest.mark.parametrize("number", ["0", "-1", str(10**30), "one", "1.5", ""])
def test_an_id_that_is_none_is_refused(app: Flask, number: str) -> None:
    assert run("retry", number)[0] == 2
    assert run("drop", number, "--why", "x")[0] == 2


def test_a_reason_is_asked_for(app: Flask) -> None:
    listen(GongStruck)
    ident = store({})
    event_log.run_reactions()
    assert run("drop", str(ident))[0] == 2
    for why in ("", "  ", "x" * 501):
        with pytest.raises(Invalid):
            parked_events.drop(ident, why)
    parked_events.drop(ident, "known")
    with pytest.raises(NotFound):
        parked_events.retry(ident)


def test_a_new_reaction_begins_where_it_says(app: Flask) -> None:
    strike(1, 2)
    listen(GongStruck, starts=Start.HEAD)
    event_log.place_cursors()
    strike(3)
    event_log.run_reactions()
    assert HEARD == [3], "what happened before is no news"
    HEARD.clear()
    listen(GongStruck, name="ledger", starts=Start.BEGINNING)
    event_log.place_cursors()
    event_log.run_reactions()
    assert HEARD == [1, 2, 3], "a state is made of all that has ever happened"


def test_on_a_new_installation_nothing_is_missed(app: Flask) -> None:
    listen(GongStruck, starts=Start.HEAD)
    event_log.place_cursors()
    strike(1)
    event_log.place_cursors()
    event_log.run_reactions()
    assert HEARD == [1]


def test_what_waits_at_an_upgrade_is_still_handled_but_a_newly_heard_kind_is_no_old_news(app: Flask) -> None:
    listen(GongStruck, starts=Start.HEAD)
    event_log.place_cursors()
    strike(1, 2, kind=HornBlown)
    strike(3)
    listen(GongStruck, HornBlown, starts=Start.HEAD)
    event_log.place_cursors()
    strike(4, kind=HornBlown)
    event_log.run_reactions()
    assert HEARD == [3, 4]
    row = db.session.get_one(SubscriberRow, "ear")
    assert set(row.heard or {}) == {"GongStruck", "HornBlown"}
