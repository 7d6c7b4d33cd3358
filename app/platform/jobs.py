"""Work behind the request: huey on SQLite or Redis, and the loop that runs the reactions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from flask import Flask, current_app
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from app.platform import event_log
from app.platform.database import after_commit, db
from app.platform.settings import Settings

log = structlog.get_logger()

RETRIES: Final = 4
RETRY_DELAY: Final = 15  # seconds
GATHER: Final = 0.2  # seconds
POLL: Final = 1.0  # seconds between two looks at the event log when nothing wakes the loop

Job = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that runs every so many minutes."""

    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Steady:
    """A job that looks every so many seconds whether there is something to do."""

    name: str
    seconds: float


_jobs: dict[str, Job] = {}
_periodic: list[Periodic] = []
_steady: dict[str, Steady] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Register a function of keyword arguments (JSON values) as a background job."""

    def register(function: Job) -> Job:
        _jobs[name] = function
        return function

    return register


def periodic(name: str, *, minutes: int) -> Callable[[Job], Job]:
    """The same, run by the clock as well."""

    def register(function: Job) -> Job:
        if name not in _jobs:
            _periodic.append(Periodic(name, minutes))
        _jobs[name] = function
        return function

    return register


def steady(name: str, *, seconds: float) -> Callable[[Job], Job]:
    """A function that is called again and again, in a thread of its own; several servers all call it."""

    def register(function: Job) -> Job:
        _jobs[name] = function
        _steady[name] = Steady(name, seconds)
        return function

    return register


def init_jobs(app: Flask, settings: Settings) -> None:
    """Give the application its queue."""
    huey = _queue(settings)

    def run(name: str, arguments: dict[str, Any]) -> None:
        # In immediate mode the caller's own context and session must stay as they are.
        with app.app_context():
            try:
                _jobs[name](**arguments)
            finally:
                db.session.remove()

    app.extensions["kin_queue"] = huey
    app.extensions["kin_job"] = huey.task(retries=RETRIES, retry_delay=RETRY_DELAY, name="run")(run)
    after_commit(_wake)


def enqueue(name: str, **arguments: Any) -> None:
    """Run a job soon, outside this request."""
    if name not in _jobs:
        raise KeyError(f"no job is called {name}")
    current_app.extensions["kin_job"](name, arguments)


def _wake(unit: Any) -> None:
    if unit.events:
        event_log.wake.set()


def _queue(settings: Settings) -> Huey:
    if settings.testing:
        return MemoryHuey("kinmarket", immediate=True)
    if settings.redis_url:
        return RedisHuey("kinmarket", url=settings.redis_url)
    return SqliteHuey("kinmarket", filename=str(settings.data_dir / "jobs.db"))


class _QuietConsumer(Consumer):
    """huey's consumer for a thread, where signal handlers cannot be set."""

    def _set_signal_handlers(self) -> None:
        return


class Background:
    """The job consumer and the reaction loop, until `stop()`."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopped = threading.Event()
        huey: Huey = app.extensions["kin_queue"]
        for entry in _periodic:
            self._schedule(huey, app, entry)
        self._consumer = _QuietConsumer(huey, workers=1, periodic=True, check_worker_health=True)
        self._threads = [
            threading.Thread(target=self._consumer.run, name="jobs", daemon=True),
            threading.Thread(target=self._react, name="reactions", daemon=True),
            *(
                threading.Thread(target=self._repeat, args=(entry,), name=entry.name, daemon=True)
                for entry in _steady.values()
            ),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Finish what is at hand; what is not finished is done again after the next start."""
        self._stopped.set()
        event_log.wake.set()
        self._consumer.stop(graceful=True)
        for thread in self._threads:
            thread.join(timeout)

    def wait(self) -> None:
        self._stopped.wait()

    def _react(self) -> None:
        while not self._stopped.is_set():
            event_log.wake.clear()
            try:
                with self._app.app_context():
                    event_log.run_reactions()
            except Exception:
                log.exception("reaction_loop_failed")
            if event_log.wake.wait(POLL):
                # A lively chat wakes the loop with each message: one run takes what has gathered.
                self._stopped.wait(GATHER)

    def _repeat(self, entry: Steady) -> None:
        while not self._stopped.wait(entry.seconds):
            try:
                with self._app.app_context():
                    try:
                        _jobs[entry.name]()
                    finally:
                        db.session.remove()
            except Exception:
                log.exception("steady_job_failed", job=entry.name)

    @staticmethod
    def _schedule(huey: Huey, app: Flask, entry: Periodic) -> None:
        @huey.periodic_task(_every(entry.minutes), name=f"every_{entry.name}")
        def tick() -> None:
            with app.app_context():
                _jobs[entry.name]()


def _every(minutes: int) -> Callable[..., bool]:
    if minutes % (24 * 60) == 0:
        found = crontab(minute="0", hour="3")
    elif minutes % 60 == 0:
        found = crontab(minute="0", hour=f"*/{minutes // 60}")
    else:
        found = crontab(minute=f"*/{minutes}")
    return found  # type: ignore[no-any-return] # huey is untyped
