"""The sending side of one WebSocket: whole frames, in the order in which they were handed over."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from enum import Enum
from typing import Any, Final

PATIENCE: Final = 30  # seconds in which a reader must take what is being written
TEXT: Final = 0x81
BINARY: Final = 0x82
SHORT, MEDIUM = 126, 65_536  # from these lengths on a frame's header is longer


class Taken(Enum):
    """What became of a frame that was offered."""

    ALL = "all"
    PART = "part"  # the rest waits in the wire and goes out before anything else
    NONE = "none"


# The loop over thousands of readers looks these up for each: an enum's own look-up is slow.
ALL, PART, NONE = Taken.ALL, Taken.PART, Taken.NONE
DONT_WAIT: Final = int(socket.MSG_DONTWAIT)


class Frame(bytes):
    """Bytes that are a whole WebSocket frame already."""

    __slots__ = ()


def frame(data: str | bytes) -> Frame:
    """One unmasked, uncompressed frame, as a server sends it."""
    kind = BINARY
    if isinstance(data, str):
        kind, data = TEXT, data.encode()
    length = len(data)
    if length < SHORT:
        return Frame(bytes((kind, length)) + data)
    if length < MEDIUM:
        return Frame(struct.pack("!BBH", kind, 126, length) + data)
    return Frame(struct.pack("!BBQ", kind, 127, length) + data)


class Wire:
    """Stands in for the socket of one connection; several may send, the bytes never mix.

    `offer` never waits. `send` may, for at most `PATIENCE` seconds without an end.
    """

    __slots__ = ("_gevent", "_lock", "_rest", "_sock", "direct")

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._lock = threading.Lock()
        self._rest: bytes = b""
        # A gevent socket holds the system's one, which never blocks.
        self._gevent = hasattr(sock, "_sock")
        # TLS and other wrappers must see every byte themselves: there everything goes by the queue.
        self.direct = _is_plain(sock._sock if self._gevent else sock)  # noqa: SLF001 - gevent offers no other way
        with suppress(OSError):  # not TCP
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._gevent:
            sock.settimeout(PATIENCE)
        else:
            # A timeout of Python's own would make even MSG_DONTWAIT wait.
            for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
                sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", PATIENCE, 0))

    def offer(self, data: bytes) -> Taken:
        """Send as much as goes without waiting. Who has failed for good is found by the next `send`."""
        if not self.direct or not self._lock.acquire(False):
            return NONE
        try:
            if self._rest:
                return NONE
            raw = self._sock._sock if self._gevent else self._sock  # noqa: SLF001 - changes when it is closed
            try:
                sent = raw.send(data, DONT_WAIT)
            except OSError:
                return NONE
            if sent == len(data):
                return ALL
            self._rest = data[sent:]
            return PART
        finally:
            self._lock.release()

    def send(self, data: bytes) -> int:
        """Send all of it, after what an offer has left over. simple-websocket calls this as a socket's."""
        with self._lock:
            rest, self._rest = self._rest, b""
            self._sock.sendall(rest + data if rest else data)
        return len(data)

    @property
    def behind(self) -> bool:
        """Whether a part of a frame waits."""
        return bool(self._rest)

    def flush(self) -> None:
        """Send what an offer has left over."""
        if self._rest:
            self.send(b"")

    def recv(self, most: int) -> bytes:
        """What has come; raises `TimeoutError` or `BlockingIOError` when nothing came for long."""
        data: bytes = self._sock.recv(most)
        return data

    def finish(self) -> None:
        """Nothing more is sent; what was sent still arrives."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """End the connection now: whoever waits in `send` or `recv` wakes up."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """After `cut`: what has come and was not read would be taken for the next HTTP request."""
        raw = self._sock._sock if self._gevent else self._sock  # noqa: SLF001 - gevent's would wait
        with suppress(OSError):
            while raw.recv(65_536, socket.MSG_DONTWAIT):
                pass
        self._sock.close()


def _is_plain(raw: Any) -> bool:
    kinds = type(raw).__mro__
    return kinds[0].__module__ in {"socket", "_socket", "gevent._socket3"} and "SSLSocket" not in kinds[0].__name__
