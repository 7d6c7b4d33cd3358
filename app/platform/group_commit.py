"""Writes that wait for the writer are committed together, each with an answer of its own after the commit.

Whoever comes first leads: takes what has gathered meanwhile into one transaction, and hands the lead to the
first of those who have come since. There is no thread to start or to drain: nobody waits but for their own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, cast

from app.kernel.errors import Conflict, DomainError
from app.platform.database import UnitOfWork, let_go, unit_of_work
from app.platform.readiness import is_away
from app.platform.sql import is_deadlock

C = TypeVar("C")
R = TypeVar("R")

MOST: Final = 64  # of one transaction: others want to write too

Write = Callable[[UnitOfWork, Sequence[C]], Sequence[R | DomainError]]


@dataclass(slots=True, eq=False)
class _Place(Generic[C, R]):
    """Somebody in the queue."""

    command: C
    turn: threading.Event  # it is done, or theirs to lead
    done: bool = False
    outcome: R | Exception | None = None


class GroupCommit(Generic[C, R]):
    """`write` does several commands in a unit of work, in their order; a refusal of one is among its answers."""

    def __init__(
        self, write: Write[C, R], *, most: int = MOST, turn: Callable[[], threading.Event] = threading.Event
    ) -> None:
        self._write = write
        self._most = most
        self._turn = turn
        self._lock = threading.Lock()
        self._queue: deque[_Place[C, R]] = deque()
        self._led = False

    def submit(self, command: C) -> R:
        """The command's answer, when it is committed; raises its refusal."""
        let_go()
        place = _Place[C, R](command, self._turn())
        with self._lock:
            self._queue.append(place)
            follows, self._led = self._led, True
        if follows:
            self._wait(place)
        if not place.done:
            self._lead(place)
        if isinstance(place.outcome, BaseException):
            raise place.outcome
        return cast("R", place.outcome)

    def _wait(self, place: _Place[C, R]) -> None:
        try:
            place.turn.wait()
        except BaseException:
            # Whoever goes must leave neither a place behind nor the lead.
            with self._lock:
                if place in self._queue:
                    self._queue.remove(place)
                leads = place.turn.is_set() and not place.done
            if leads:
                self._hand_over()
            raise

    def _lead(self, own: _Place[C, R]) -> None:
        batch: list[_Place[C, R]] = []
        try:
            # Greenlets whose messages have come in the same moment get here first.
            time.sleep(0)
            self._commit(batch)
        except Exception as problem:  # noqa: BLE001 - every sender gets it
            _answer(batch or self._take(batch), [problem] * self._most)
        except BaseException:
            # Only this one is ended from outside; the others may try again.
            _answer(batch, [Conflict("something changed at the same time; send it again")] * self._most)
            raise
        finally:
            self._hand_over()
            for place in batch:
                place.done = True
                if place is not own:
                    place.turn.set()

    def _commit(self, batch: list[_Place[C, R]]) -> None:
        try:
            outcomes: Sequence[R | Exception] = self._together(batch)
        except Exception as problem:
            if len(batch) < 2 or is_away(problem):
                raise
            # It may be one of them: each alone, so that it fails alone.
            outcomes = [self._alone(one.command) for one in batch]
        _answer(batch, outcomes)

    def _together(self, batch: list[_Place[C, R]]) -> Sequence[R | DomainError]:
        try:
            return self._written(batch)
        except Exception as problem:
            if not is_deadlock(problem):
                raise
            return self._written(batch)

    def _written(self, batch: list[_Place[C, R]]) -> Sequence[R | DomainError]:
        with unit_of_work() as work:
            return self._write(work, [one.command for one in self._take(batch)])

    def _alone(self, command: C) -> R | Exception:
        try:
            with unit_of_work() as work:
                return self._write(work, [command])[0]
        except Exception as problem:  # noqa: BLE001 - its sender gets it
            return problem

    def _take(self, batch: list[_Place[C, R]]) -> list[_Place[C, R]]:
        """Those who wait, once the writer is free: who has come while it was not is among them."""
        with self._lock:
            while self._queue and len(batch) < self._most:
                batch.append(self._queue.popleft())
        return batch

    def _hand_over(self) -> None:
        with self._lock:
            heir = self._queue[0] if self._queue else None
            self._led = heir is not None
        if heir is not None:
            heir.turn.set()


def _answer(batch: Sequence[_Place[C, R]], outcomes: Sequence[R | Exception]) -> None:
    for place, outcome in zip(batch, outcomes, strict=False):
        place.outcome = outcome
