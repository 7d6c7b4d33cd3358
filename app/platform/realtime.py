"""Sockets: who is connected, what they may send, and hints to them after a commit.

A hint may be lost; the database is the truth.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from types import FunctionType, ModuleType
from typing import Any, Final

import structlog
from flask import Flask, current_app, request
from flask.ctx import RequestContext
from flask.globals import _cv_request
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from app.kernel.bounds import require_bounds
from app.kernel.errors import Conflict, DomainError, Invalid, TooMany
from app.kernel.ids import MemberId
from app.platform import socket_watch
from app.platform.database import UnitOfWork, after_commit, db
from app.platform.fanout import install as fanout
from app.platform.fanout.rooms import build_manager
from app.platform.limits import check_rate
from app.platform.readiness import RETRY_AFTER, is_away
from app.platform.settings import Settings
from app.platform.slots import Slot
from app.platform.sql import is_race
from app.platform.wording import worded

log = structlog.get_logger()

MAX_FRAME: Final = 64 * 1024  # bytes in one packet
MAX_SOCKETS: Final = 30  # of one member in one process
EVENT_RATE: Final = "3000/minute"  # all events of one member together
CONNECT_RATE: Final = "300/minute"  # of one member
MAX_REFUSED: Final = 500  # events beyond the rate that one socket may send before it is ended
SESSION: Final = "session"
_SESSION: Final = "kin.session"  # in the environment of a connection
CHANNEL: Final = "kinmarket"  # of all processes of an installation

Payload = dict[str, Any]
Answer = dict[str, Any]
Handler = Callable[[MemberId, Payload], Answer]


class _EventContext(RequestContext):
    """A request's context without what only an answer needs: no address is looked up, no end is told of."""

    def __init__(self, app: Flask, environ: dict[str, Any]) -> None:
        self.app = app
        self.request = app.request_class(environ)
        self.request.json_module = app.json
        self.url_adapter = self.flashes = None
        self._session = environ.get(_SESSION)
        self._after_request_functions = []
        self._cv_tokens = []

    def pop(self, exc: BaseException | None = None) -> None:
        """Undo the push; what belongs to the application's context ends with that."""
        token, app_context = self._cv_tokens.pop()
        _cv_request.reset(token)
        if app_context is not None:
            app_context.pop(exc)


class Sockets(SocketIO):
    """What an event finds is its connection's: the session is opened once."""

    def _handle_event(self, handler: Any, message: str, namespace: str, sid: str, *arguments: Any) -> Any:
        environ = self.server.get_environ(sid, namespace=namespace)
        if message in {"connect", "disconnect"} or not environ:
            return super()._handle_event(handler, message, namespace, sid, *arguments)
        with _EventContext(environ["flask.app"], environ) as context:
            environ[_SESSION] = context.session
            context.request.sid = sid  # type: ignore[attr-defined] # as Flask-SocketIO does
            return handler(*arguments)


socketio = Sockets()


@dataclass(frozen=True, slots=True)
class SocketClient:
    """Who sits on a socket, and by what right: a browser's session or the digest of a token."""

    member_id: MemberId
    credential: str


Authenticate = Callable[[object], SocketClient]

_DOORKEEPER: Slot[list[Authenticate]] = Slot("doorkeeper", list)
_EVENTS: Slot[dict[str, Callable[..., Answer]]] = Slot("socket_events", dict)
_MARK: Final = "kin_socket_event"  # what a decorator has said of a function
# Of `socketio`, the one server of a process.
_guests: dict[str, SocketClient] = {}
_refused: Counter[str] = Counter()  # by socket: events beyond the rate


@dataclass(slots=True)
class _Traffic:
    """Events that are being handled, and whether new ones still are."""

    under_way: int = 0
    closing: bool = False


_traffic = _Traffic()


def set_doorkeeper(app: Flask, keeper: Authenticate) -> None:
    """Who may connect: answers the guest for the client's `auth`, or raises a `DomainError`."""
    _DOORKEEPER.on(app)[:] = [keeper]


def digest_of(token: str) -> str:
    """How a guest's token is remembered: never as it is."""
    return hashlib.sha256(token.encode()).hexdigest()


def member_room(member_id: MemberId) -> str:
    """The room in which all sockets of a member are."""
    return f"member:{member_id}"


def init_realtime(app: Flask, settings: Settings) -> None:
    """Attach the socket server to the application."""
    if not settings.origins:
        raise ValueError("an empty list of origins would turn the check off")
    if socketio.server is not None:
        # Several applications in one process (tests): nothing of the former may stay.
        socketio.server_options.pop("client_manager", None)
        socketio.server_options.pop("message_queue", None)
    _guests.clear()
    _refused.clear()
    _traffic.closing = False
    _register_handlers(app)
    socketio.init_app(
        app,
        async_mode=app.config.get("KIN_ASYNC_MODE", "threading"),
        # One client's events are handled one after the other, in their order.
        async_handlers=False,
        cors_allowed_origins=settings.origins,
        manage_session=False,
        **_rooms(settings),
        http_compression=False,
        max_http_buffer_size=MAX_FRAME,
        ping_interval=25,
        ping_timeout=20,
    )
    if settings.direct_send:
        fanout.install(socketio.server.eio, MAX_FRAME, _is_somebody)
    else:
        socket_watch.bound_messages(socketio, MAX_FRAME)
    app.wsgi_app = _without_deflate(app.wsgi_app)  # type: ignore[method-assign] # WSGI middleware
    after_commit(app, send_hints)


def _rooms(settings: Settings) -> dict[str, Any]:
    """Who broadcasts: our own sending, or python-socketio's."""
    return {"client_manager": build_manager(settings.redis_url, CHANNEL, direct=settings.direct_send)}


def _without_deflate(wsgi: Any) -> Any:
    """Browsers offer per-message compression; it costs 100 KB and half the speed per connection."""

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return wsgi(environ, start_response)

    return serve


def _register_handlers(app: Flask) -> None:
    """python-socketio's server is new for each application; the handlers are the same."""
    socketio.server = None
    socketio.handlers = []
    for name, handler in {"connect": _connect, "disconnect": _disconnect, **_EVENTS.on(app)}.items():
        socketio.on_event(name, handler)


def socket_event(name: str) -> Callable[[Handler], Handler]:
    """A function of the member's id and the payload answers this event of the client."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def answer(*arguments: Any) -> Answer:
            return _answer(handler, arguments)

        setattr(handler, _MARK, (name, answer))
        return handler

    return register


def register_events(app: Flask, module: ModuleType) -> None:
    """The events that the module answers become this application's; assembly does it for each `sockets.py`."""
    for declared in [one for one in vars(module).values() if type(one) is FunctionType]:
        if hasattr(declared, _MARK):
            name, answer = getattr(declared, _MARK)
            _EVENTS.on(app)[name] = answer


def socket_events() -> list[str]:
    """The names of the events that clients may send."""
    return list(_EVENTS.here())


def _answer(handler: Handler, arguments: tuple[Any, ...]) -> Answer:
    guest = _guests.get(request.sid)  # type: ignore[attr-defined] # set by Flask-SocketIO
    if guest is None:
        return {"ok": False, "code": "unauthenticated"}
    if _traffic.closing:
        # Not begun is better than cut off in the middle: the client comes back and sends it again.
        return {"ok": False, "code": "restarting", "retry_after": 1}
    _traffic.under_way += 1
    try:
        _check_pace(request.sid, guest)  # type: ignore[attr-defined]
        if len(arguments) != 1 or not isinstance(arguments[0], dict):
            raise Invalid("the event takes one object", code="bad_payload")
        require_bounds(arguments[0])
        return {"ok": True, **handler(guest.member_id, arguments[0])}
    except DomainError as refusal:
        return refused(refusal)
    except (DataError, OverflowError, UnicodeEncodeError):
        log.warning("socket_value_out_of_bounds", handler=handler.__name__)
        return refused(Invalid("a value is too large or isn’t text", code="out_of_bounds"))
    except Exception as problem:
        if isinstance(problem, IntegrityError) and is_race(problem):
            return refused(Conflict("something changed at the same time; send it again"))
        # Whatever happens, the client gets its acknowledgement.
        if is_away(problem):
            log.error("database_away", handler=handler.__name__, error=f"{type(problem).__name__}: {problem}"[:300])
            return {"ok": False, "code": "unavailable", "retry_after": RETRY_AFTER}
        log.exception("socket_event_failed", handler=handler.__name__)
        return {"ok": False, "code": "internal"}
    finally:
        _traffic.under_way -= 1
        # No read transaction stays open between two events.
        db.session.remove()


def _check_pace(sid: str, guest: SocketClient) -> None:
    """Raises `TooMany`; whoever goes on all the same loses the socket, for refusing costs something too."""
    try:
        check_rate(f"socket:{guest.member_id}", EVENT_RATE)
    except TooMany:
        _refused[sid] += 1
        if _refused[sid] > MAX_REFUSED:
            log.warning("flooding_socket_ended", member=guest.member_id)
            _end([sid])
        raise


def refused(error: DomainError) -> Answer:
    """The acknowledgement for a refusal."""
    answer: Answer = {"ok": False, "code": error.error_code, "message": worded(error)}
    if error.retry_after is not None:
        answer["retry_after"] = error.retry_after
    return answer


def _connect(auth: object = None) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - documented
    sid: str = request.sid  # type: ignore[attr-defined]
    try:
        # Started before the credentials are read, so that what ends them from now on is seen.
        socket_watch.start(app, socketio)
        keeper = _DOORKEEPER.here()
        guest = keeper[0](auth) if keeper else None
        if guest is None:
            raise Refused("unauthenticated")
        if len(sockets_of(guest.member_id)) >= MAX_SOCKETS:
            raise Refused("too_many")
        check_rate(f"socket-connect:{guest.member_id}", CONNECT_RATE)
    except DomainError as refusal:
        raise Refused(refusal.error_code) from refusal
    except SQLAlchemyError as problem:
        if is_away(problem):
            raise Refused("unavailable") from problem
        raise
    finally:
        db.session.remove()
    _guests[sid] = guest
    socketio.server.enter_room(sid, member_room(guest.member_id), namespace="/")


def _disconnect(*_reason: Any) -> None:
    sid: str = request.sid  # type: ignore[attr-defined]
    _guests.pop(sid, None)
    _refused.pop(sid, None)


def sockets_of(member_id: MemberId) -> dict[str, SocketClient]:
    """The member's sockets in this process."""
    return {sid: guest for sid, guest in list(_guests.items()) if guest.member_id == member_id}


def _is_somebody(eio_sid: str) -> bool:
    """Whether a connection has said who it is; one that does not within its first ping is not kept."""
    return socketio.server.manager.sid_from_eio_sid(eio_sid, "/") in _guests


def count_sockets() -> int:
    """How many are signed in here."""
    return len(_guests)


def join(room: str) -> None:
    """The socket whose event is handled hears the room from now on."""
    socketio.server.enter_room(request.sid, room, namespace="/")  # type: ignore[attr-defined]


def in_room(room: str) -> bool:
    """Whether the socket whose event is handled hears the room."""
    return room in socketio.server.rooms(request.sid, namespace="/")  # type: ignore[attr-defined]


def leave(room: str) -> None:
    """The socket whose event is handled hears the room no longer."""
    socketio.server.leave_room(request.sid, room, namespace="/")  # type: ignore[attr-defined]


def tell_others(room: str, name: str, payload: Payload, *, but: Iterable[str] = ()) -> None:
    """A hint from the socket whose event is handled to the others in the room."""
    # The managers of `fanout` take rooms among those to be passed over, in whatever process they are.
    socketio.emit(name, payload, to=room, skip_sid=[request.sid, *but])  # type: ignore[attr-defined]


def emit_to(room: str, name: str, payload: Payload, *, but: Iterable[str] = ()) -> None:
    """A hint to whoever hears the room, in all processes, without whoever is in the rooms `but`."""
    if socketio.server is not None:
        socketio.emit(name, payload, to=room, skip_sid=list(but) or None)


def send_hints(unit: UnitOfWork) -> None:
    """What a unit of work wanted to be told after its commit; never fails the caller."""
    if unit.hints and socketio.server is not None:
        try:
            socketio.server.manager.emit_all(unit.hints)
        except Exception:
            # The rows are committed; whoever missed it catches up.
            log.exception("hints_lost", hints=len(unit.hints))
    socket_watch.look_now(unit.events)


def cut_off(member_id: MemberId, *, sessions: bool = True, tokens: bool = True) -> int:
    """Ends the member's sockets in this process; answers how many."""
    wanted = {True: sessions, False: tokens}
    mine = sockets_of(member_id)
    return _end(sid for sid, guest in mine.items() if wanted[guest.credential == SESSION])


def cut_off_in_room(member_id: MemberId, room: str) -> int:
    """Ends the member's sockets that hear the room."""
    return _end(sid for sid in sockets_of(member_id) if room in socketio.server.rooms(sid, namespace="/"))


def _end(sids: Iterable[str]) -> int:
    ended = 0
    for sid in list(sids):
        _guests.pop(sid, None)
        eio_sid = socketio.server.manager.eio_sid_from_sid(sid, "/")
        socketio.server.disconnect(sid, namespace="/", ignore_queue=True)
        # The transport goes too: its environment still holds the cookie it came with.
        socket_watch.close_transport(socketio, eio_sid)
        ended += 1
    return ended


def finish_events(seconds: float) -> bool:
    """Begin no event any more, and let those under way end with their acknowledgements; false: some did not."""
    _traffic.closing = True
    until = time.monotonic() + seconds
    while _traffic.under_way and time.monotonic() < until:
        socketio.sleep(0.02)
    return not _traffic.under_way


def close_all() -> None:
    """The server goes down: every transport ends, without waiting for readers.

    Without the packet that says so: clients take it for a wish of the server not to see them again. A
    connection that ends is one that they open anew, by themselves.
    """
    if socketio.server is not None:
        for eio_sid in list(socketio.server.eio.sockets):
            socket_watch.close_transport(socketio, eio_sid, abort=True)
