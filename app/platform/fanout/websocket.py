"""simple-websocket as our engine.io uses it: one greenlet reads, frames are sent whole, sizes are bounded."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import simple_websocket  # type: ignore[import-untyped] # its stubs are a package of their own
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from app.platform.fanout.wire import Frame, Wire, frame

QUIET: Final = (TimeoutError, BlockingIOError)


class NoThread:
    """simple-websocket reads in a thread of its own; here whoever wants a message reads."""

    def __init__(self, target: Any) -> None:
        self.name = ""

    def start(self) -> None:
        return


class Connection(simple_websocket.Server):
    """A client that sends faster than its events are handled is slowed down by TCP, not kept in memory."""

    sock: Any
    connected: bool

    def __init__(self, environ: dict[str, Any], most: int) -> None:
        super().__init__(environ, max_message_size=most, thread_class=NoThread)

    def handshake(self) -> None:
        self.sock = Wire(self.sock)
        super().handshake()

    def receive(self, timeout: float | None = None) -> Any:
        """The next message; raises `ConnectionClosed`."""
        while self.connected and not self.input_buffer:
            try:
                data = self.sock.recv(self.receive_bytes)
                if not data:
                    break
                self.ws.receive_data(data)
                self.connected = self._handle_events() and self.connected
            except QUIET:
                continue
            except (OSError, LocalProtocolError, RemoteProtocolError):
                break
        if self.input_buffer:
            return self.input_buffer.pop(0)
        self.connected = False
        raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)


class DirectWebSocket:
    """What engine.io's table of a mode calls `websocket`."""

    def __init__(self, handler: Any, most: int) -> None:
        self.app = handler
        self._most = most

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.ws = Connection(environ, self._most)
        reader = self.app.__self__
        outbox = reader.queue
        outbox.attach(reader, self.ws.sock)
        try:
            answer = self.app(self)
        finally:
            outbox.detach()
            self.ws.connected = False
            self.ws.sock.cut()
            self.ws.sock.close()
        # How each server learns that the connection is no longer its own, as in engine.io's class.
        if self.ws.mode == "gunicorn":
            raise StopIteration
        if self.ws.mode == "werkzeug":
            raise ConnectionError
        return answer

    def send(self, message: str | bytes) -> None:
        """For the writer of this connection; raises `OSError`."""
        if not self.ws.connected:
            raise OSError("the connection is closed")
        self.ws.sock.send(message if isinstance(message, Frame) else frame(message))

    def wait(self) -> Any:
        try:
            return self.ws.receive()
        except simple_websocket.ConnectionClosed:
            return None

    def close(self) -> None:
        """The writer has ended: a good-bye if it can still be heard."""
        if self.ws.connected:
            with suppress(OSError, LocalProtocolError):
                self.ws.close()
        self.ws.connected = False
        self.ws.sock.finish()
