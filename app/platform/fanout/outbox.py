"""What one reader still has to get: sent at once when it can be, in the queue otherwise."""

from __future__ import annotations

import threading
from typing import Any, Final

from app.platform.fanout.wire import Frame, Taken, Wire, frame

MOST_WAITING: Final = 1024 * 1024  # bytes that wait for one reader


class Framed:
    """What engine.io's writer takes from the queue of a WebSocket: framed once for all its readers."""

    __slots__ = ("_frame",)

    def __init__(self, data: Frame) -> None:
        self._frame = data

    def encode(self) -> Frame:
        return self._frame


FLUSH: Final = Framed(Frame(b""))  # wakes the writer for what a partial write has left


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

    `idle` means: a WebSocket's writer waits, and everything that was put before has left. Only then
    a packet may pass by the queue.
    """

    __slots__ = ("_empty", "_idle", "_inner", "_lock", "_reader", "_spoke", "_wire", "overrun", "waiting")

    def __init__(self, inner: Any, empty: type[Exception]) -> None:
        self._inner = inner
        self._empty = empty
        self._lock = threading.Lock()
        self._reader: Any = None
        self._wire: Wire | None = None
        self._idle = False
        self._spoke = False
        self.waiting = 0
        self.overrun = False

    def attach(self, reader: Any, wire: Wire) -> None:
        """From now on the engine.io socket `reader` has this WebSocket."""
        with self._lock:
            self._reader, self._wire, self._idle = reader, wire, False

    def detach(self) -> None:
        """The WebSocket has ended, or the upgrade to it has failed."""
        with self._lock:
            self._reader, self._wire, self._idle = None, None, False

    def hand_over(self, data: Frame) -> bool:
        """Send the frame at once; false when it has to wait its turn."""
        with self._lock:
            return self._idle and self._send_now(data)

    def put(self, packet: Any) -> None:
        """A packet for the reader; None ends the writer. Never waits."""
        if packet is None:
            with self._lock:
                self._idle = False
                self._inner.put(None)
            return
        data = frame_of(packet)
        with self._lock:
            if self._idle and self._send_now(data):
                return
            if self.overrun:
                return
            if self.waiting and self.waiting + len(data) > MOST_WAITING:
                self._give_up()
                return
            self.waiting += len(data)
            self._inner.put(packet)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """The next packet; raises the mode's `Empty` when there is none, or none for too long."""
        while True:
            if block:
                self._rest()
            try:
                return self._took(self._inner.get(block=block, timeout=timeout))
            except self._empty:
                # The reader was spoken to past the queue, so it has not been silent.
                if not block or not self._spoke:
                    raise

    def _rest(self) -> None:
        """The writer has sent all that it took, and asks for more."""
        with self._lock:
            reader = self._reader
            self._spoke = False
            self._idle = (
                reader is not None
                and self._wire is not None
                and self._wire.direct
                and reader.upgraded
                and not reader.upgrading
                and self._inner.empty()
            )

    def _send_now(self, data: Frame) -> bool:
        assert self._wire is not None  # noqa: S101 - idle says so
        taken = self._wire.offer(data)
        if taken is Taken.ALL:
            self._spoke = True
            return True
        self._idle = False
        if taken is Taken.PART:
            self._inner.put(FLUSH)
            return True
        return False

    def _took(self, item: Any) -> Any:
        if item is None or item is FLUSH:
            return item
        data = frame_of(item)
        with self._lock:
            self.waiting -= len(data)
            return Framed(data) if self._reader is not None and self._reader.upgraded else item

    def _give_up(self) -> None:
        """Too far behind: the reader is let go and catches up from the database."""
        self.overrun = True
        if self._wire is not None:
            # Its own greenlets wake up from this and tidy up; whoever sends is not held.
            self._wire.cut()

    def task_done(self) -> None:
        self._inner.task_done()

    def join(self) -> None:
        self._inner.join()

    def qsize(self) -> int:
        size: int = self._inner.qsize()
        return size

    def empty(self) -> bool:
        """Nothing waits, and nothing is on its way."""
        nothing: bool = self._inner.empty()
        return nothing
