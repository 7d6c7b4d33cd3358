"""What one reader still has to get: sent at once when it can be, kept in order until then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, Protocol

from app.platform.fanout.wire import NONE, PART, Frame, Taken, Wire, frame

MAX_WAITING: Final = 1024 * 1024  # bytes that wait for one reader

Spawn = Callable[[Callable[[], None]], object]


class Connection(Protocol):
    """The WebSocket as the outbox sees it."""

    sock: Wire

    def bid_farewell(self) -> None:
        """Nothing more comes: the closing handshake."""


def frame_of(packet: Any) -> Frame:
    """The packet's frame, made once: a broadcast hands the same packet to every reader."""
    found: Frame | None = packet.__dict__.get("kin_frame")
    if found is None:
        # A binary packet's own cache would be poisoned for readers by polling, who need base64.
        found = frame(packet.data if packet.binary else packet.encode())
        packet.kin_frame = found
    return found


class Outbox:
    """Takes the place of the queue of an engine.io socket, with the methods that engine.io calls.

    A reader by polling takes packets with `get`. With a WebSocket a packet leaves inside `put`, unless
    something waits already or the send would block: then `drain` runs beside until all has left.
    """

    __slots__ = ("_connection", "_empty", "_ended", "_inner", "_lock", "_spawn", "_writing", "overrun", "waiting")

    def __init__(self, inner: Any, empty: type[Exception], spawn: Spawn) -> None:
        self._inner = inner
        self._empty = empty
        self._spawn = spawn
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._writing = True  # somebody drains, or nobody may yet: packets wait their turn
        self._ended = False
        self.waiting = 0
        self.overrun = False

    def attach(self, connection: Connection) -> None:
        """From now on by this WebSocket; what has gathered goes out first."""
        with self._lock:
            self._connection = connection
        self.drain()

    def detach(self) -> None:
        """The WebSocket has ended; what waits, and what is still put, goes nowhere."""
        with self._lock:
            self._writing = self._ended = True
            self._connection = None
            # Whoever waits in `join` must not wait for ever.
            while not self._inner.empty():
                self._inner.get(block=False)
                self._inner.task_done()
            self.waiting = 0

    def hand_over(self, data: Frame) -> bool:
        """Send the frame at once; false when it has to wait its turn.

        Without the lock, for it is done for each reader of a broadcast: whoever has put something before
        has set `_writing` before, and between two who speak at the same time there is no order.
        """
        if self._writing:
            return False
        taken = self._offer(data)
        if taken is PART:
            with self._lock:
                self._write_soon()
        return taken is not NONE

    def put(self, packet: Any) -> None:
        """A packet for the reader; None is the end. Never waits."""
        with self._lock:
            if self._ended:
                return
            if packet is None:
                self._inner.put(None)
                self._write_soon()
                return
            data = frame_of(packet)
            taken = NONE if self._writing or self.overrun else self._offer(data)
            if taken is PART:
                self._write_soon()
            if taken is not NONE or self.overrun:
                return
            if self.waiting and self.waiting + len(data) > MAX_WAITING:
                self._give_up()
                return
            self.waiting += len(data)
            self._inner.put(packet)
            self._write_soon()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """The next packet for a reader by polling; raises the mode's `Empty`."""
        item = self._inner.get(block=block, timeout=timeout)
        with self._lock:
            self._took(item)
        return item

    def drain(self) -> None:
        """Send all that waits; one at a time does this for a reader."""
        connection = self._connection
        if connection is None:
            return
        try:
            again = True
            while again:
                connection.sock.flush()
                while (item := self._next()) is not self._empty:
                    if item is None:
                        connection.bid_farewell()
                        return
                    connection.sock.send(frame_of(item))
                again = connection.sock.behind and self._resume()
        except OSError:
            # Whoever reads wakes up from this and tidies up.
            connection.sock.cut()

    def _resume(self) -> bool:
        """A packet was handed over in part just when all else had left; true: this is ours to finish."""
        with self._lock:
            mine = not self._writing
            self._writing = True
            return mine

    def _next(self) -> Any:
        """What waits longest, or `_empty`: then the way past the queue is free again."""
        with self._lock:
            if self._ended:
                return self._empty
            try:
                item = self._inner.get(block=False)
            except self._empty:
                self._writing = False
                return self._empty
            self._inner.task_done()
            self._took(item)
            return item

    def _offer(self, data: Frame) -> Taken:
        connection = self._connection
        return NONE if connection is None else connection.sock.offer(data)

    def _write_soon(self) -> None:
        """Under the lock."""
        if self._connection is not None and not self._writing:
            self._writing = True
            self._spawn(self.drain)

    def _took(self, item: Any) -> None:
        if item is not None:
            self.waiting -= len(frame_of(item))

    def _give_up(self) -> None:
        """Too far behind: the reader is let go and catches up from the database."""
        self.overrun = True
        if self._connection is not None:
            self._connection.sock.cut()

    def task_done(self) -> None:
        self._inner.task_done()

    def join(self) -> None:
        self._inner.join()

    def qsize(self) -> int:
        size: int = self._inner.qsize()
        return size

    def empty(self) -> bool:
        """Nothing waits."""
        nothing: bool = self._inner.empty()
        return nothing
