"""Looks after open sockets: ends those whose right has ended, and those that don't read.

Each process that holds sockets follows the event log with a cursor of its own in memory, so it
does not matter which process, or which command, has recorded the event.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar, cast

import structlog
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from flask import Flask
from flask_socketio import SocketIO
from sqlalchemy.exc import OperationalError

from app.kernel.events import Event
from app.platform import event_log
from app.platform.database import db, head
from app.platform.fanout.rooms import DirectRedisManager
from app.platform.sequence_positions import PERIOD, Numbered, SequencePositions
from app.platform.slots import Slot

log = structlog.get_logger()

PAUSE: Final = 1.0  # seconds between two looks when nothing has happened in this process
MAX_UNREAD: Final = 1000  # packets that wait for one reader

E = TypeVar("E", bound=Event)

_WATCHED: Slot[dict[str, Callable[[Event], object]]] = Slot("watched", dict)
_NUMBERED: Slot[list[Numbered]] = Slot("numbered", list)
_running: set[int] = set()
_start = threading.Lock()
_asked = threading.Event()


def watch(app: Flask, kind: type[E], handle: Callable[[E], object]) -> None:
    """Call `handle(event)` in each process with sockets; registering again replaces."""
    _WATCHED.on(app)[kind.__name__] = cast("Callable[[Event], object]", handle)


def follow_positions(app: Flask, kind: Numbered) -> None:
    """Rooms that are told of numbers they have missed when several processes run; the same prefix replaces."""
    numbered = _NUMBERED.on(app)
    numbered[:] = [one for one in numbered if one.prefix != kind.prefix] + [kind]


def look_now(events: Sequence[Event]) -> None:
    """This process has recorded events: if one is watched, don't wait for the next look."""
    if events and not _WATCHED.here().keys().isdisjoint(one.name for one in events):
        _asked.set()


def start(app: Flask, socketio: SocketIO) -> None:
    """Watch from here on, unless this server is watched already."""
    key = id(socketio.server)
    with _start:
        if key in _running:
            return
        position = head()
        _running.add(key)
        socketio.start_background_task(_watch, app, socketio, socketio.server, position)


def _watch(app: Flask, socketio: SocketIO, server: Any, position: int) -> None:
    heads = _heads_to_follow(server.manager, _NUMBERED.on(app))
    next_heads = time.monotonic()
    while True:
        _asked.wait(PAUSE)
        _asked.clear()
        with _start:
            if socketio.server is not server or not server.eio.sockets:
                _running.discard(id(server))
                return
        try:
            with app.app_context():
                position = _look(position)
                if heads and time.monotonic() >= next_heads:
                    next_heads = time.monotonic() + PERIOD
                    _tell_heads(server.manager, heads)
            end_slow_readers(socketio)
        except Exception:
            # The watch outlives a lost database connection.
            log.exception("socket_watch_failed")
            socketio.sleep(PAUSE)


def _look(position: int) -> int:
    watched = _WATCHED.here()
    try:
        for entry in event_log.read_after(position, watched):
            db.session.rollback()
            try:
                watched[entry.event.name](entry.event)
            except OperationalError:
                raise  # the database is away: looked at again when it is back
            except Exception:
                # One that cannot be acted on must not keep the later ones from cutting anybody off.
                log.exception("socket_watch_event_failed", event_id=entry.id)
            position = entry.id
    finally:
        db.session.remove()
    return position


def _heads_to_follow(manager: Any, numbered: Iterable[Numbered]) -> list[SequencePositions]:
    """Only where hints come from other processes too can one be lost on the way."""
    if not isinstance(manager, DirectRedisManager):
        return []
    found = [SequencePositions(kind) for kind in numbered]

    def note(room: Any, event: Any, data: Any) -> None:
        for one in found:
            one.note(room, event, data)

    manager.on_emit = note
    return found


def _tell_heads(manager: Any, heads: list[SequencePositions]) -> None:
    rooms = list(manager.rooms.get("/", ()))
    try:
        for one in heads:
            for room, hint, payload in one.look(rooms):
                # To this process's own readers only: the others look for themselves.
                manager.emit(hint, payload, namespace="/", room=room, ignore_queue=True)
    finally:
        db.session.remove()


def end_slow_readers(socketio: SocketIO) -> int:
    """Who does not read would fill the memory; after a reconnect they catch up from the database."""
    ended = 0
    for eio_sid, transport in list(socketio.server.eio.sockets.items()):
        if getattr(transport.queue, "overrun", False) or transport.queue.qsize() > MAX_UNREAD:
            log.warning("slow_reader_ended", waiting=transport.queue.qsize())
            close_transport(socketio, eio_sid, abort=True)
            ended += 1
    return ended


def close_transport(socketio: SocketIO, eio_sid: str | None, *, abort: bool = False) -> None:
    """End the connection itself; what was sent before goes out first unless aborted."""
    transport = socketio.server.eio.sockets.get(eio_sid)
    if transport is None:
        return
    with suppress(Exception):  # it may have ended meanwhile, in any way
        transport.close(wait=False, abort=abort)


def bound_messages(socketio: SocketIO, most: int) -> None:
    """engine.io looks at a message's size when all of it is in memory; simple-websocket can sooner.

    The same WebSocket code in every mode: under gevent its threads and selectors are patched.
    """

    class Bounded(SimpleWebSocketWSGI):
        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(handler, server, max_message_size=most)

    engine = socketio.server.eio
    # A copy: the table belongs to the module and is shared by all servers of the process.
    engine._async = {**engine._async, "websocket": Bounded}  # noqa: SLF001 - what a mode consists of
