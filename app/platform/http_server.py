"""HTTP for slow and broken clients: nobody is waited for without a limit, and never with a connection in hand.

A request reaches the application when all of it is here. Until then it is one greenlet and, if large,
a file: no database connection, no lock, no place among what a restart waits for.
"""

from __future__ import annotations

import errno
import socket
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Final

import gevent
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer
from werkzeug.wsgi import ClosingIterator

MAX_CONNECTIONS: Final = 10_000
IN_MEMORY: Final = 256 * 1024  # bytes of a body; beyond them it waits in a file
MAX_WAITING: Final = 1024 * 1024 * 1024  # bytes of bodies that are not complete, all together
PIECE: Final = 64 * 1024
SLOWEST: Final = 8 * 1024  # bytes a second, on average after the first while
LINGER: Final = 2.0  # seconds in which a refused client may read why


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for which a client is waited for."""

    first: float = 15  # from the connection to the first byte
    head: float = 15  # from the first byte to the end of the headers
    idle: float = 75  # between two requests of one connection
    piece: float = 20  # between two pieces of a body
    body: float = 60  # until a body must keep up the slowest pace
    answer: float = 60  # until a piece of the answer is taken


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes that a body may have."""

    form: int  # without files
    files: int  # multipart/form-data


class TooSlow(BaseException):
    """Not an `Exception`: no handler on the way may take it for an answer."""


class _Refused(Exception):
    """The body is not waited for."""

    def __init__(self, status: str, retry_after: int | None = None) -> None:
        super().__init__(status)
        again = f"Retry-After: {retry_after}\r\n" if retry_after else ""
        self.answer = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n{again}\r\n".encode()


class Handler(WSGIHandler):
    """One connection."""

    server: Server
    wsgi_input: Any
    begun = False  # the first byte of a request is here, its answer is not out
    _clock: Any = None
    _served = 0
    _body: IO[bytes] | None = None
    _linger = False

    def handle(self) -> None:
        self.server.connections.add(self)
        try:
            super().handle()
        finally:
            self.server.connections.discard(self)

    def read_requestline(self) -> str:
        patience = self.server.patience
        self.begun = False
        with gevent.Timeout(patience.idle if self._served else patience.first, TooSlow):
            self.rfile.peek(1)
        self.begun = True
        self._clock = gevent.Timeout.start_new(patience.head, TooSlow)
        found: str = super().read_requestline()
        return found

    def handle_one_request(self) -> Any:
        try:
            return super().handle_one_request()
        except TooSlow:
            return ("408", _Refused("408 Request Timeout").answer) if self.begun else None
        finally:
            self._stop_clock()

    def read_request(self, raw_requestline: str) -> bool:
        read: bool = super().read_request(raw_requestline)
        self._stop_clock()
        return read

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.close()
            self._clock = None

    def handle_one_response(self) -> None:
        self._served += 1
        try:
            self._wait_for_body()
        except _Refused as refused:
            self.close_connection = True
            with suppress(OSError), gevent.Timeout(LINGER, False):
                self.socket.sendall(refused.answer)
            self._let_read()
            return
        try:
            super().handle_one_response()
        finally:
            if self._body is not None:
                self._body.close()
                self._body = None
        if self._linger:
            self._let_read()

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if (self.server.draining or self._linger) and not any(name.lower() == "connection" for name, _ in headers):
            headers = [*headers, ("Connection", "close")]
        return super().start_response(status, headers, exc_info)

    def _sendall(self, data: bytes) -> None:
        # As if the client had gone: it may have.
        with gevent.Timeout(self.server.patience.answer, ConnectionResetError(errno.ECONNRESET, "takes no answer")):
            super()._sendall(data)

    # -- the body -------------------------------------------------------------

    def _wait_for_body(self) -> None:
        """All of it, before the application hears of the request."""
        chunked = self.wsgi_input.chunked_input
        length = self.content_length or 0
        if not chunked and not length:
            return
        environ = self.environ
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        bounds = self.server.bounds
        most = bounds.files if kind == "multipart/form-data" else bounds.form
        if length > most:
            # The application says so, in the form in which it says everything; nothing is read.
            environ["wsgi.input"] = BytesIO()
            self.wsgi_input = _Nothing()
            self._linger = True
            return
        body = self._body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed after the answer
        size = self._read_into(body, most)
        body.seek(0)
        environ["wsgi.input"] = body
        environ["CONTENT_LENGTH"] = str(size)
        environ.pop("HTTP_TRANSFER_ENCODING", None)

    def _read_into(self, body: IO[bytes], most: int) -> int:
        patience, server = self.server.patience, self.server
        begun, size = time.monotonic(), 0
        try:
            while True:
                with gevent.Timeout(patience.piece, _Refused("408 Request Timeout")):
                    piece = self._read_piece()
                if not piece:
                    if self.content_length and size < self.content_length:
                        raise _Refused("400 Bad Request")
                    return size
                size += len(piece)
                server.waiting += len(piece)
                if size > most:
                    raise _Refused("413 Content Too Large")
                if server.waiting > MAX_WAITING:
                    raise _Refused("503 Service Unavailable", retry_after=10)
                if time.monotonic() - begun > patience.body + size / SLOWEST:
                    raise _Refused("408 Request Timeout")
                body.write(piece)
        except OSError as problem:  # gone, or no chunks
            raise _Refused("400 Bad Request") from problem
        finally:
            server.waiting -= size

    def _read_piece(self) -> bytes:
        """What is there now, up to one piece."""
        source = self.wsgi_input
        if source.chunked_input:
            piece: bytes = source.read(PIECE)
            return piece
        left = self.content_length - source.position
        if not left:
            return b""
        source._send_100_continue()  # noqa: SLF001 - as its own `_do_read` does, which waits for all it asked for
        found: bytes = self.rfile.read1(min(PIECE, left))
        source.position += len(found)
        return found

    def _let_read(self) -> None:
        """A client that still sends would lose the answer if the connection were closed on it."""
        with suppress(OSError), gevent.Timeout(LINGER, False):
            self.socket.shutdown(socket.SHUT_WR)
            for _ in range(128):
                if not self.socket.recv(PIECE):
                    return


class _Nothing:
    """A body that was not read and is not to be read."""

    chunked_input = False
    position = 0

    def _discard(self) -> None:
        return


class Server(WSGIServer):
    """`WSGIServer` with limits, and an end in which nobody is cut off who has begun."""

    handler_class = Handler
    application: Requests

    def __init__(self, address: Any, app: Any, bounds: Bounds, patience: Patience | None = None) -> None:
        super().__init__(address, Requests(app), log=None, error_log=None, spawn=Pool(MAX_CONNECTIONS))
        self.bounds = bounds
        self.patience = patience or Patience()
        self.connections: set[Handler] = set()
        self.draining = False
        self.waiting = 0  # bytes of bodies that are not complete

    def start_accepting(self) -> None:
        if not self.draining:
            super().start_accepting()

    def shut_door(self) -> None:
        """No new connection. Whoever has knocked already is let in: closing the door resets them."""
        self.draining = True
        if self.socket is None:
            return
        self.stop_accepting()
        for _ in range(MAX_CONNECTIONS):
            if not self._let_one_in():
                break
        self.socket.close()

    def _let_one_in(self) -> bool:
        try:
            found = self.do_read()
        except OSError:
            return False
        if not found:
            return False
        self.do_handle(*found)
        return True

    def finish(self, grace: float, until: float) -> bool:
        """Wait for what is under way; false when time was over first.

        During `grace` a connection that is kept alive, or that has come a moment ago, may still ask for
        something: whoever holds it cannot know yet that this process goes.
        """
        calm = time.monotonic() + grace
        while (now := time.monotonic()) < until:
            begun = any(one.begun for one in self.connections)
            if now >= calm and not self.application.under_way and (not begun or now >= calm + grace):
                return True
            gevent.sleep(0.02)
        return not self.application.under_way


class Requests:
    """The application, and how many of its requests are not answered to the end; open sockets count too."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.under_way = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.under_way += 1
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._ended()
            raise
        return ClosingIterator(answer, self._ended)

    def _ended(self) -> None:
        self.under_way -= 1
