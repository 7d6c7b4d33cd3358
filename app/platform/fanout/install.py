"""Gives an engine.io server the outbox, the WebSocket and the pings of this package."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from engineio.exceptions import EngineIOError
from engineio.packet import PING, Packet
from engineio.socket import Socket

from app.platform.fanout.outbox import Outbox
from app.platform.fanout.websocket import DirectWebSocket

Stays = Callable[[str], bool]


def install(engine: Any, most: int, stays: Stays = lambda _sid: True) -> None:
    """To be called before the first client; messages of clients are at most `most` bytes.

    A connection for which `stays` is not true when its ping is due is ended instead.
    """
    mode = engine._async  # noqa: SLF001 - what a mode consists of
    make_queue, empty = mode["queue"], mode["queue_empty"]
    spawn = engine.start_background_task

    def websocket(handler: Any, _server: Any) -> DirectWebSocket:
        return DirectWebSocket(handler, most)

    # A copy: the table belongs to the module and is shared by all servers of the process.
    engine._async = {  # noqa: SLF001
        **mode,
        "queue": lambda: Outbox(make_queue(), empty, spawn),
        "websocket": websocket,
    }
    pings = Pings(engine, spawn, stays)

    def start(target: Any, *arguments: Any, **more: Any) -> Any:
        if getattr(target, "__func__", None) is Socket._send_ping:  # noqa: SLF001 - it only sleeps, then sends
            return pings.add(target.__self__)
        return spawn(target, *arguments, **more)

    engine.start_background_task = start


class Pings:
    """One greenlet pings all readers; engine.io starts one for each ping, and it sleeps for 25 seconds."""

    def __init__(self, engine: Any, spawn: Any, stays: Stays = lambda _sid: True) -> None:
        self._engine = engine
        self._stays = stays
        self._spawn = spawn
        self._lock = threading.Lock()
        self._running = False
        self._due: deque[tuple[float, Any]] = deque()

    def add(self, reader: Any) -> None:
        """Ping the reader after the interval; all wait equally long, so they stay in order."""
        with self._lock:
            self._due.append((time.monotonic() + self._engine.ping_interval, reader))
            if not self._running:
                self._running = True
                self._spawn(self._run)

    def _run(self) -> None:
        while (next_one := self._next()) is not None:
            at, reader = next_one
            wait = at - time.monotonic()
            if wait > 0:
                self._engine.sleep(wait)
            # What `Socket._send_ping` does after its sleep.
            if not reader.closing and not reader.closed:
                if not self._stays(reader.sid):
                    with suppress(Exception):  # whatever ends it, it has ended
                        reader.close(wait=False, abort=True)
                    continue
                reader.last_ping = time.time()
                with suppress(EngineIOError):
                    reader.send(Packet(PING))

    def _next(self) -> tuple[float, Any] | None:
        with self._lock:
            self._running = bool(self._due)
            return self._due.popleft() if self._due else None
