"""How a server comes to its graph without letting anybody wait: sizes, pauses, figures, the other process."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Final

import structlog
from flask import Flask
from prometheus_client import Counter, Gauge
from sqlalchemy import func, select

from app.kernel.errors import N_, DomainError
from app.trust.circle.log_changes import Reader
from app.trust.vouches.models import Vouch

log = structlog.get_logger()

# Called to have a snapshot built by somebody else; raises when that did not work.
Elsewhere = Callable[[], None]

FEW: Final = 20_000  # vouches that are read in a fraction of a second
PAUSES: Final = (2.0, 5.0, 15.0, 60.0)  # seconds before it is tried again; the last one for good
COMMAND: Final = (sys.executable, "-m", "app.cli", "rebuild", "trust")

LOADED: Final = Gauge("kinmarket_trust_graph_loaded", "1 when requests are answered by the trust graph")
FAILED: Final = Counter("kinmarket_trust_graph_failures_total", "Times that building the trust graph has failed")


class NotLoaded(DomainError):
    """Whoever must not act without the graph comes again later."""

    code = "trust_loading"
    status = 503

    def __init__(self) -> None:
        super().__init__(N_("We’re still loading your connections. Try again in a minute."), retry_after=30)


def few_ties(reader: Reader) -> bool:
    """Whether the tables hold so little that building the graph is waited for."""
    some = select(Vouch.truster_id).limit(FEW + 1).subquery()
    return (reader.execute(select(func.count()).select_from(some)).scalar() or 0) <= FEW


def pauses() -> Iterator[float]:
    """How long to wait after each failure in a row."""
    return chain(PAUSES, repeat(PAUSES[-1]))


class Aside:
    """Builds beside those who go on with what there was; at most once at a time, and anew when asked meanwhile."""

    def __init__(self, app: Flask, build: Callable[[], None]) -> None:
        self._app = app
        self._build = build
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wanted = False
        self._persistent = False
        self._pause = threading.Event()  # never set: a pause ends by itself

    def ask(self, *, persistent: bool) -> None:
        """Build soon; `persistent`: after a failure again and again, with pauses."""
        with self._lock:
            self._wanted, self._persistent = True, persistent
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="trust", daemon=True)
                self._thread.start()

    def settle(self) -> None:
        """Wait until nothing is being built."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        pause = pauses()
        while self._takes_up():
            with self._app.app_context():
                try:
                    self._build()
                except Exception:  # what was there goes on; the operator sees log and metrics
                    log.exception("trust_rebuild_failed")
                    FAILED.inc()
                    failed = True
                else:
                    failed, pause = False, pauses()
            if failed and not self._persistent:
                return
            if failed:
                self._pause.wait(next(pause))
                self._wanted = True

    def _takes_up(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            if not wanted:
                self._thread = None
            return wanted


def build_elsewhere() -> None:
    """Let another process, by the operator's own command, build the graph and keep a snapshot of it.

    Here it would take the interpreter from every request for seconds, and hundreds of megabytes for good.
    """
    done = subprocess.run(COMMAND, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise RuntimeError(f"rebuild trust ended with {done.returncode}: {said[-1] if said else 'no word'}")
