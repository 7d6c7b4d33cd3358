"""Work behind the request: jobs from the queue, jobs by the clock, and the loop that runs the reactions."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, Final

import structlog
from flask import Flask, current_app

from app.kernel.clock import clock
from app.platform import event_log, job_queue
from app.platform.database import after_commit, db, unit_of_work
from app.platform.job_queue import Claimed
from app.platform.settings import Settings
from app.platform.slots import Slot

log = structlog.get_logger()

TRIES: Final = 16  # over half a day, see `job_queue.wait_after`
FEW: Final = 7  # over a quarter of an hour: what comes again by the clock
GATHER: Final = 0.2  # seconds
REST: Final = 4  # as long as the last run took, so often, reactions leave the machine to those who write
POLL: Final = 1.0  # seconds between two looks when nothing wakes a loop
BEAT: Final = 10.0  # seconds between two signs of life, and two looks at the clock
DAY: Final = 24 * 60  # minutes
NIGHT: Final = 3 * 60  # minutes after midnight: when the daily jobs run

MAIN: Final = "jobs"
Job = Callable[..., None]


class GiveUp(Exception):
    """Trying again would bring the same: the operator has to look."""


class Later(Exception):
    """Not now; there is nothing wrong."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A function of keyword arguments (JSON values), the lane it runs in, and how often it is tried."""

    name: str
    function: Job
    lane: str = MAIN
    tries: int = TRIES
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Steady:
    """A job that looks every so many seconds whether there is something to do."""

    name: str
    seconds: float
    function: Job


_KINDS: Slot[dict[str, Kind]] = Slot("job_kinds", dict)
_STEADY: Slot[dict[str, Steady]] = Slot("job_steady", dict)
_WAKE: Slot[dict[str, threading.Event]] = Slot("job_wake", dict)
_MARK: Final = "kin_job"  # what a decorator has said of a function


def job(name: str, *, lane: str = MAIN, tries: int = TRIES) -> Callable[[Job], Job]:
    """Declare a background job. It runs at least once: a second time must do no harm.

    The jobs of a lane follow each other; one that waits for others for long has a lane of its own.
    """

    def register(function: Job) -> Job:
        return _marked(function, Kind(name, function, lane, tries))

    return register


def periodic(name: str, *, minutes: int) -> Callable[[Job], Job]:
    """Register a job that the clock runs as well: once for all processes."""

    def register(function: Job) -> Job:
        return _marked(function, Kind(name, function, tries=FEW, minutes=minutes))

    return register


def steady(name: str, *, seconds: float) -> Callable[[Job], Job]:
    """A function that is called again and again, in a thread of its own; several servers all call it."""

    def register(function: Job) -> Job:
        return _marked(function, Steady(name, seconds, function))

    return register


def _marked(function: Job, what: Kind | Steady) -> Job:
    setattr(function, _MARK, what)
    return function


def register_jobs(app: Flask, module: ModuleType) -> None:
    """The jobs that the module declares become this application's; assembly does it for each `jobs.py`."""
    # Only functions are asked: a proxy of Flask's cannot be without a request.
    for declared in [one for one in vars(module).values() if type(one) is FunctionType]:
        what = getattr(declared, _MARK, None)
        if isinstance(what, Kind):
            _KINDS.on(app)[what.name] = what
        elif isinstance(what, Steady):
            _STEADY.on(app)[what.name] = what


def kinds() -> dict[str, Kind]:
    """What is registered, by name."""
    return dict(_KINDS.here())


def steady_jobs() -> dict[str, Steady]:
    """What runs all the time, by name."""
    return dict(_STEADY.here())


def init_jobs(app: Flask, settings: Settings) -> None:
    """Tests run a job where it is wanted, unless they ask for the queue."""
    app.extensions["kin_jobs_at_once"] = settings.testing
    after_commit(app, _look_now)


def enqueue(name: str, **arguments: Any) -> None:
    """Run a job soon, outside this request; within a unit of work: if that is committed."""
    kind = _KINDS.here().get(name)
    if kind is None:
        raise KeyError(f"no job is called {name}")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - documented
    if app.extensions["kin_jobs_at_once"]:
        _run_at_once(app, kind, arguments)
        return
    # Noted first: the commit may be within `add`, or after it.
    db.session.info["kin_wake"] = {*db.session.info.get("kin_wake", ()), kind.lane}
    job_queue.add(name, arguments)


def _run_at_once(app: Flask, kind: Kind, arguments: dict[str, Any]) -> None:
    # The caller's own context and session must stay as they are.
    with app.app_context():
        try:
            kind.function(**arguments)
        except Exception:
            log.exception("job_failed", job=kind.name)
        finally:
            db.session.remove()


def _look_now(unit: Any) -> None:
    if unit.events:
        event_log.wake.set()
    for lane in db.session.info.pop("kin_wake", ()):
        _wake_of(current_app, lane).set()


def _wake_of(app: Flask, lane: str) -> threading.Event:
    return _WAKE.on(app).setdefault(lane, threading.Event())


def run_one(lane: str, owner: str) -> bool:
    """Do the next job of a lane; false when none waits."""
    known = _KINDS.here()
    names = [kind.name for kind in known.values() if kind.lane == lane]
    claimed = job_queue.claim(names, owner)
    if claimed is None:
        return False
    kind = known[claimed.name]
    if claimed.tries > kind.tries:
        # It was claimed again and again and nobody came back to say what became of it.
        job_queue.give_up(claimed, owner)
        return True
    try:
        kind.function(**claimed.arguments)
    except Exception as problem:  # noqa: BLE001 - whatever it was, this one waits and the others go on
        _after_failure(kind, claimed, owner, problem)
    else:
        job_queue.done(claimed, owner)
    return True


def _after_failure(kind: Kind, claimed: Claimed, owner: str, problem: Exception) -> None:
    db.session.rollback()
    final = isinstance(problem, GiveUp) or claimed.tries >= kind.tries
    error = f"{type(problem).__name__}: {problem}"[:500]
    (job_queue.give_up if final else job_queue.try_later)(claimed, owner, error)
    expected = isinstance(problem, GiveUp | Later | OSError)
    log.warning(
        "job_failed",
        job=claimed.name,
        ident=claimed.id,
        tries=claimed.tries,
        again=not final,
        error=error if expected else None,
        exc_info=None if expected else problem,
    )


def queue_due() -> int:
    """Queue the periodic jobs whose time has come; answers how many were this process's to queue."""
    minute = int(clock.now().timestamp()) // 60
    queued = 0
    for kind in _KINDS.here().values():
        if kind.minutes is None:
            continue
        late = NIGHT if kind.minutes % DAY == 0 else 0
        with unit_of_work():
            if job_queue.take_turn(kind.name, (minute - late) // kind.minutes):
                job_queue.add(kind.name, {})
                queued += 1
    return queued


class Background:
    """Jobs, the clock and the reactions, until `stop()`."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopped = threading.Event()
        self.owner = f"{os.getpid()}-{secrets.token_hex(6)}"
        lanes = sorted({kind.lane for kind in _KINDS.on(app).values()})
        self._threads = [
            threading.Thread(target=self._beat, name="clock", daemon=True),
            threading.Thread(target=self._react, name="reactions", daemon=True),
            *(threading.Thread(target=self._work, args=(lane,), name=lane, daemon=True) for lane in lanes),
            *(
                threading.Thread(target=self._repeat, args=(entry,), name=entry.name, daemon=True)
                for entry in _STEADY.on(app).values()
            ),
        ]
        self._lanes = lanes

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def ask_to_stop(self) -> None:
        """Nothing new is begun from now on; may be called by a signal handler."""
        self._stopped.set()

    def stop(self, timeout: float = 5.0) -> bool:
        """Finish what is at hand; what is not finished is done again by somebody else. Answers whether all was."""
        self._stopped.set()
        event_log.wake.set()
        for lane in self._lanes:
            _wake_of(self._app, lane).set()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        finished = not any(thread.is_alive() for thread in self._threads)
        if finished:
            self._safely(lambda: job_queue.leave(self.owner), "leave")
        return finished

    def wait(self) -> None:
        """Until somebody asks to stop."""
        while not self._stopped.wait(POLL):
            pass

    def _safely(self, act: Callable[[], Any], name: str) -> Any:
        """In a context of its own; a database that is away is waited for."""
        try:
            with self._app.app_context():
                try:
                    return act()
                finally:
                    db.session.remove()
        except Exception:
            log.exception("background_failed", part=name)
            self._stopped.wait(POLL)
            return None

    def _work(self, lane: str) -> None:
        wake = _wake_of(self._app, lane)
        while not self._stopped.is_set():
            wake.clear()
            if not self._safely(lambda: run_one(lane, self.owner), lane) and not self._stopped.is_set():
                wake.wait(POLL)

    def _beat(self) -> None:
        def act() -> None:
            job_queue.keep(self.owner)
            if queue_due():
                job_queue.sweep()
                for lane in self._lanes:
                    _wake_of(self._app, lane).set()

        while not self._stopped.is_set():
            self._safely(act, "clock")
            self._stopped.wait(BEAT)

    def _react(self) -> None:
        while not self._stopped.is_set():
            event_log.wake.clear()
            begun = time.monotonic()
            self._safely(event_log.run_reactions, "reactions")
            took = time.monotonic() - begun
            if event_log.wake.wait(POLL):
                # A lively chat wakes the loop with each message: one run takes what has gathered.
                self._stopped.wait(min(POLL, max(GATHER, REST * took)))

    def _repeat(self, entry: Steady) -> None:
        while not self._stopped.wait(entry.seconds):
            self._safely(entry.function, entry.name)
