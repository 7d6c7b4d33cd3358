"""Processes that draw pictures: while one decodes, pages and sockets of the server go on.

What a picture does to its decoder it does to a process that holds nothing else and can be ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from typing import Any, Final

import structlog

from app.kernel.errors import TooMany
from app.platform.photo_drawing import BadPhoto, Rendered, receive, send

log = structlog.get_logger()

PROCESSES: Final = 2  # a picture of 25 megapixels takes 100 MB while it is open
MAX_WAITING: Final = 40
PATIENCE: Final = 30.0  # seconds for one picture


class DrawingPool:
    """Started when the first picture comes; its processes end with the one that has started them."""

    def __init__(self, processes: int = PROCESSES, patience: float = PATIENCE) -> None:
        self._free = threading.BoundedSemaphore(processes)
        self._idle: deque[subprocess.Popen[bytes]] = deque()
        self._patience = patience
        self._inside = 0

    def draw(self, data: bytes) -> Rendered:
        """As `photo_drawing.draw`; raises `TooMany` when too many wait already."""
        if self._inside >= MAX_WAITING:
            raise TooMany("We’re processing many photos right now. Try again in a moment.", retry_after=5)
        self._inside += 1
        try:
            with self._free:
                return self._draw(self._next(), data)
        finally:
            self._inside -= 1

    def end(self) -> None:
        """For tests; a server's end ends them too."""
        while self._idle:
            _end(self._idle.popleft())

    def _next(self) -> subprocess.Popen[bytes]:
        while self._idle:
            process = self._idle.popleft()
            if process.poll() is None:
                return process
            _end(process)
        return _start()

    def _draw(self, process: subprocess.Popen[bytes], data: bytes) -> Rendered:
        assert process.stdin is not None  # noqa: S101 - as asked for in `_start`
        assert process.stdout is not None  # noqa: S101 - the same
        clock = threading.Timer(self._patience, process.kill)
        clock.start()
        try:
            send(process.stdin, data)
            about = receive(process.stdout)
            facts: dict[str, Any] = json.loads(about) if about else {"code": "photo_damaged"}
            if about and "names" in facts:
                parts = {name: receive(process.stdout) or b"" for name in facts["names"]}
        except (OSError, ValueError) as problem:
            about, facts = None, {"code": "photo_damaged"}
            log.warning("drawing_ended", error=str(problem))
        finally:
            clock.cancel()
        if about is None:
            # It was ended, by time, by the memory that it may have, or by the picture.
            log.warning("drawing_process_lost", returncode=_end(process))
            raise BadPhoto(facts["code"])
        self._idle.append(process)
        if "code" in facts:
            raise BadPhoto(facts["code"])
        return Rendered(facts["width"], facts["height"], facts["tint"], parts)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "app.platform.photo_drawing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C in the terminal is the server's to hear
    )


def _end(process: subprocess.Popen[bytes]) -> int:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                continue  # what was still to be written has no reader
    return process.wait()
