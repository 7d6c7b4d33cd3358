"""Rows and events are written together or not at all, also by many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.kernel.events import Event
from app.people.accounts.models import Role
from app.platform.database import EventRow, db, unit_of_work

THREADS, ROUNDS = 8, 15


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(Event):
    number: int


def _boiled() -> list[int]:
    query = select(EventRow.payload).where(EventRow.name == "KettleBoiled").order_by(EventRow.id)
    return [payload["number"] for payload in db.session.scalars(query)]


def test_events_are_written_with_the_rows(app: Flask) -> None:
    with unit_of_work() as unit:
        db.session.add(Role(name="brewer"))
        unit.record(KettleBoiled(number=1))
    assert _boiled() == [1]
    assert db.session.scalar(select(Role.id).where(Role.name == "brewer"))


def test_nothing_is_left_of_a_use_case_that_fails(app: Flask) -> None:
    with pytest.raises(ValueError, match="spilt"), unit_of_work() as unit:
        db.session.add(Role(name="brewer"))
        unit.record(KettleBoiled(number=1))
        raise ValueError("spilt")
    assert _boiled() == []
    assert db.session.scalar(select(Role.id).where(Role.name == "brewer")) is None


def test_an_inner_unit_joins_the_outer_one(app: Flask) -> None:
    with pytest.raises(ValueError, match="spilt"), unit_of_work():
        with unit_of_work() as inner:
            inner.record(KettleBoiled(number=2))
        raise ValueError("spilt")
    assert _boiled() == []


def test_a_change_outside_a_unit_of_work_is_noticed(app: Flask) -> None:
    db.session.add(Role(name="stray"))
    with pytest.raises(RuntimeError, match="outside"), unit_of_work():
        pytest.fail("must not be entered")
    db.session.rollback()


def _in_parallel(app: Flask, work: Callable[[], None]) -> list[BaseException]:
    failures: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                for _ in range(ROUNDS):
                    work()
            except Exception as problem:  # noqa: BLE001 - collected and asserted on
                failures.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def _counter(app: Flask) -> None:
    with unit_of_work():
        db.session.add(Role(name="counter", description="0"))


def _count() -> int:
    db.session.rollback()
    return int(db.session.scalar(select(Role.description).where(Role.name == "counter")) or 0)


def _increment_by_update() -> None:
    with unit_of_work():
        db.session.execute(
            text(
                "UPDATE role SET description = CAST(CAST(description AS INTEGER) + 1 AS VARCHAR) WHERE name = 'counter'"
            )
        )


def test_no_increment_is_lost_by_writers_in_parallel(app: Flask) -> None:
    _counter(app)
    assert _in_parallel(app, _increment_by_update) == []
    assert _count() == THREADS * ROUNDS


def _increment_naively() -> None:
    """Reads in one transaction, writes in another: what the house forbids."""
    value = int(db.session.scalar(select(Role.description).where(Role.name == "counter")) or 0)
    threading.Event().wait(0.001)
    with unit_of_work():
        db.session.execute(
            text("UPDATE role SET description = :value WHERE name = 'counter'"),
            {"value": str(value + 1)},
        )


def test_the_harness_catches_a_naive_increment(app: Flask) -> None:
    _counter(app)
    assert _in_parallel(app, _increment_naively) == []
    assert _count() < THREADS * ROUNDS
