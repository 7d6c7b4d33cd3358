"""Who leads, who follows, and what each of them gets."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from flask import Flask
from sqlalchemy.exc import OperationalError

from app.kernel.errors import DomainError, Invalid
from app.platform.database import UnitOfWork, db
from app.platform.group_commit import GroupCommit

WAIT = 20


class Desk:
    """A first command holds the writer until the others stand in the queue."""

    def __init__(self, app: Flask, write: Callable[[Sequence[str]], list[str | DomainError]]) -> None:
        self.app = app
        self.seen: list[list[str]] = []
        self.came = threading.Semaphore(0)
        self.held, self.go = threading.Event(), threading.Event()

        def together(_work: UnitOfWork, commands: Sequence[str]) -> list[str | DomainError]:
            self.seen.append(list(commands))
            if commands[0] == "first":
                self.held.set()
                assert self.go.wait(WAIT)
            return write(commands)

        self.group: GroupCommit[str, str] = GroupCommit(together, most=4)
        came = self.came

        class Queue(deque[object]):
            def append(self, place: object) -> None:
                super().append(place)
                came.release()

        self.group._queue = Queue()  # type: ignore[assignment]

    def submit(self, command: str) -> str:
        with self.app.app_context():
            try:
                return self.group.submit(command)
            finally:
                db.session.remove()

    def run(self, *commands: str) -> list[str | BaseException]:
        """What each of them gets, in order, when all of them came while the first held the writer."""
        with ThreadPoolExecutor(len(commands) + 1) as pool:
            results: list[Future[str]] = [pool.submit(self.submit, "first")]
            assert self.held.wait(WAIT)
            assert self.came.acquire(timeout=WAIT)
            for one in commands:
                results.append(pool.submit(self.submit, one))
                assert self.came.acquire(timeout=WAIT)
            self.go.set()
            return [one.exception(WAIT) or one.result() for one in results[1:]]


def test_who_waits_for_the_writer_is_written_together_in_order(app: Flask) -> None:
    desk = Desk(app, lambda commands: [f"did {one}" for one in commands])
    assert desk.run("a", "b", "c") == ["did a", "did b", "did c"]
    assert desk.seen == [["first"], ["a", "b", "c"]]


def test_more_than_one_transaction_takes_are_led_by_the_next(app: Flask) -> None:
    desk = Desk(app, lambda commands: [f"did {one}" for one in commands])
    assert desk.run(*"abcdef") == [f"did {one}" for one in "abcdef"]
    assert desk.seen == [["first"], list("abcd"), list("ef")]
    assert desk.submit("later") == "did later"


def test_a_refusal_is_for_the_one_who_asked(app: Flask) -> None:
    no = Invalid("No.", code="no")
    desk = Desk(app, lambda commands: [no if one == "b" else one for one in commands])
    assert desk.run("a", "b", "c") == ["a", no, "c"]


def test_a_failure_is_for_the_one_who_brought_it(app: Flask) -> None:
    def write(commands: Sequence[str]) -> list[str | DomainError]:
        if "b" in commands:
            raise ValueError("b")
        return list(commands)

    desk = Desk(app, write)
    first, second, third = desk.run("a", "b", "c")
    assert (first, third) == ("a", "c")
    assert isinstance(second, ValueError)
    assert desk.seen == [["first"], ["a", "b", "c"], ["a"], ["b"], ["c"]]


def test_a_database_that_is_away_is_asked_once_for_all(app: Flask) -> None:
    def write(commands: Sequence[str]) -> list[str | DomainError]:
        if "first" not in commands:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))
        return list(commands)

    desk = Desk(app, write)
    assert [type(one) for one in desk.run("a", "b", "c")] == [OperationalError] * 3
    assert desk.seen == [["first"], ["a", "b", "c"]]


def test_whoever_loses_a_deadlock_is_written_once_more(app: Flask) -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    tries = []

    def write(commands: Sequence[str]) -> list[str | DomainError]:
        if "first" not in commands:
            tries.append(commands)
            if len(tries) == 1 or "never" in commands:
                raise OperationalError("UPDATE", {}, Deadlock())
        return list(commands)

    desk = Desk(app, write)
    assert desk.run("a", "b") == ["a", "b"]
    assert desk.seen == [["first"], ["a", "b"], ["a", "b"]]
    tries.clear()
    desk.seen.clear()
    desk.held.clear()
    desk.go.clear()
    assert [type(one) for one in desk.run("never")] == [OperationalError]
    assert desk.seen == [["first"], ["never"], ["never"]]


def test_nobody_waits_for_one_who_was_to_lead_and_has_gone(app: Flask) -> None:
    class Gone(threading.Event):
        """Its owner is ended in the moment in which the lead comes to it."""

        def wait(self, timeout: float | None = None) -> bool:
            super().wait(WAIT)
            raise SystemExit

    made = iter([threading.Event, Gone, threading.Event])
    desk = Desk(app, list)
    desk.group._most = 1
    desk.group._turn = lambda: next(made)()  # noqa: PLW0108 - another one each time
    gone, after = desk.run("goes", "stays")
    assert isinstance(gone, SystemExit)
    assert after == "stays"
    assert desk.seen == [["first"], ["stays"]]
