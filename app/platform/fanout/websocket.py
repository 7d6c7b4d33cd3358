"""The WebSocket transport of engine.io: one greenlet reads, frames leave whole, sizes are bounded."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import simple_websocket  # type: ignore[import-untyped] # its stubs are a package of their own
import structlog
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import NOOP, PING, PONG, UPGRADE, Packet
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from app.platform.fanout.wire import Wire, frame

log = structlog.get_logger()

QUIET: Final = (TimeoutError, BlockingIOError)  # nothing came for long: engine.io's pings decide


class NoThread:
    """simple-websocket reads in a thread of its own; here whoever wants a message reads."""

    def __init__(self, target: Any) -> None:
        self.name = ""

    def start(self) -> None:
        return


class Connection(simple_websocket.Server):
    """A client that sends faster than its events are handled is slowed down by TCP, not kept in memory."""

    sock: Any
    ws: Any
    connected: bool

    def __init__(self, environ: dict[str, Any], most: int) -> None:
        # Compression would cost 100 KB and half the speed for each connection, and a frame for each reader.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        super().__init__(environ, max_message_size=most, thread_class=NoThread)

    def handshake(self) -> None:
        self.sock = Wire(self.sock)
        super().handshake()
        # The HTTP half is done with; it would hold the request's headers for as long as the reader stays.
        self.ws = self.ws.connection

    def receive(self, timeout: float | None = None) -> Any:
        """The next message; None when there will be none."""
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
        return None

    def bid_farewell(self) -> None:
        """The closing handshake, if it can still be heard; then nothing more is sent."""
        if self.connected:
            with suppress(OSError, LocalProtocolError):
                self.close()
        self.connected = False
        self.sock.finish()


class DirectWebSocket:
    """What engine.io's table of a mode calls `websocket`; stands in for `Socket._websocket_handler`."""

    def __init__(self, handler: Any, most: int) -> None:
        # engine.io hands over the method of its socket, our reader.
        self._reader = handler.__self__
        self._most = most

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        reader = self._reader
        connection = Connection(environ, self._most)
        try:
            if reader.connected and not self._upgrade(connection):
                return []
            reader.connected = reader.upgraded = True
            try:
                reader.queue.attach(connection)
                self._listen(connection)
            finally:
                reader.queue.detach()
                reader.close(wait=False, abort=True, reason=reader.server.reason.TRANSPORT_CLOSE)
        finally:
            connection.connected = False
            connection.sock.cut()
            connection.sock.close()
        # How each server learns that the connection is no longer its own, as in engine.io's class.
        if connection.mode == "gunicorn":
            raise StopIteration
        if connection.mode == "werkzeug":
            raise ConnectionError
        return []

    def _upgrade(self, connection: Connection) -> bool:
        """From polling; packets wait meanwhile. If it fails the reader goes on by polling."""
        reader = self._reader
        reader.upgrading = True
        try:
            if not _is(connection.receive(), PING, "probe"):
                return False
            connection.sock.send(frame(Packet(PONG, data="probe").encode()))
            reader.queue.put(Packet(NOOP))  # ends the poll that waits
            return _is(connection.receive(), UPGRADE)
        finally:
            reader.upgrading = False

    def _listen(self, connection: Connection) -> None:
        while (data := connection.receive()) is not None:
            try:
                self._reader.receive(Packet(encoded_packet=data))
            except UnknownPacketError:
                continue
            except (SocketIsClosedError, ValueError):
                return
            except Exception:
                log.exception("websocket_failed")
                return


def _is(data: Any, kind: int, content: str | None = None) -> bool:
    if not data:
        return False
    try:
        packet = Packet(encoded_packet=data)
    except ValueError:
        return False
    return packet.packet_type == kind and content in {None, packet.data}
