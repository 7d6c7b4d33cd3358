"""A stretch of wire before a server: it can be cut, and mended."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


class Relay:
    """Passes bytes on between a loopback port and a server; `cut()` ends all connections and refuses new ones."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._pairs: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._door.getsockname()[1]
        self._open = True
        threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            self._open = False
            _close(self._door)
            for one in self._pairs:
                _close(one)
            self._pairs.clear()

    def mend(self) -> None:
        with self._lock:
            self._door = socket.create_server(("127.0.0.1", self.port), backlog=128)
            self._open = True
            threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def _accept(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = door.accept()
                far = self._connect()
                with self._lock:
                    if not self._open:
                        _close(near)
                        _close(far)
                        return
                    self._pairs |= {near, far}
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for one in (source, target):
            with self._lock:
                self._pairs.discard(one)
            _close(one)


def _close(one: socket.socket) -> None:
    # A thread that waits in `accept` or `recv` is woken by this, not by `close`.
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextlib.contextmanager
def relay(connect: Callable[[], socket.socket]) -> Iterator[Relay]:
    """Until the block ends."""
    made = Relay(connect)
    try:
        yield made
    finally:
        made.cut()
