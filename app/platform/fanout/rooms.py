"""Broadcasts: one packet, one frame, handed to each reader's socket inside the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import structlog
from engineio import packet as engine_packet
from socketio import Manager, RedisManager, packet

from app.kernel.later import Later
from app.platform.fanout.outbox import frame_of
from app.platform.fanout.wire import Frame
from app.platform.redis_ways import Breaker, listening_options, redis_options

if TYPE_CHECKING:
    import redis
else:
    redis = Later("redis")  # only who has a Redis loads it

log = structlog.get_logger()

# Room or rooms, event, payload, and the rooms of those who are passed over.
Broadcast = tuple["str | tuple[str, ...]", str, dict[str, Any], tuple[str, ...]]


class SparingManager(Manager):
    """Among those to be passed over may be rooms: whoever of this process is in one of them then."""

    def passed_over(self, namespace: str, skip: Any) -> set[str]:
        """The sockets here that a broadcast leaves out."""
        left_out: set[str] = set()
        for one in skip if isinstance(skip, list | tuple) else [skip] if skip else []:
            # No socket has a colon in its id, and each of our rooms has.
            left_out.update([one] if ":" not in one else (sid for sid, _eio in self.get_participants(namespace, one)))
        return left_out

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **more: Any,
    ) -> None:
        """As `Manager.emit`."""
        skip = list(self.passed_over(namespace, skip_sid))
        super().emit(event, data, namespace, room, skip_sid=skip, callback=callback, to=to, **more)

    def emit_all(self, broadcasts: Iterable[Broadcast]) -> None:
        """Each of these, in their order; one that fails keeps no other back."""
        for room, event, data, but in broadcasts:
            try:
                self.emit(event, data, "/", room=room, skip_sid=list(but) or None)
            except Exception:
                log.exception("hint_lost", hint=event, room=room)


class DirectManager(SparingManager):
    """Plain events go out here; callbacks, bytes and tuples take python-socketio's own way."""

    on_emit: Callable[[Any, Any, Any], None] | None = None  # hears what goes out to readers here

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **more: Any,
    ) -> None:
        """Send the packets in the order in which they would go without this class."""
        room = to or room
        if self.on_emit is not None:
            self.on_emit(room, event, data)
        if callback is not None or isinstance(data, tuple) or not isinstance(event, str):
            super().emit(event, data, namespace, room, skip_sid=skip_sid, callback=callback, **more)
            return
        one = self._packet_of(event, data, namespace)
        if one is None:
            super().emit(event, data, namespace, room, skip_sid=skip_sid, **more)
            return
        framed = frame_of(one)
        for eio_sid in self._readers(namespace, room, skip_sid):
            self._hand_over(eio_sid, framed, (one,))

    def emit_all(self, broadcasts: Iterable[Broadcast]) -> None:
        """What one reader gets of these leaves in one piece: a system call is most of what a reader costs."""
        theirs: dict[str, tuple[Any, ...]] = {}
        for room, event, data, but in broadcasts:
            try:
                if self.on_emit is not None:
                    self.on_emit(room, event, data)
                one = self._packet_of(event, data, "/")
                if one is None:
                    super().emit(event, data, "/", room=room, skip_sid=list(but))
                    continue
                for eio_sid in self._readers("/", room, but):
                    theirs[eio_sid] = (*theirs.get(eio_sid, ()), one)
            except Exception:
                log.exception("hint_lost", hint=event, room=room)
        pieces: dict[tuple[int, ...], Frame] = {}
        for eio_sid, packets in theirs.items():
            key = tuple(map(id, packets))
            piece = pieces.get(key)
            if piece is None:
                piece = pieces[key] = Frame(b"".join(map(frame_of, packets)))
            self._hand_over(eio_sid, piece, packets)

    def _packet_of(self, event: str, data: Any, namespace: str) -> Any:
        """The packet that all readers get; None for one that has bytes in it."""
        body = [event] if data is None else [event, data]
        try:
            # Looking for bytes costs more than encoding what has none, which is nearly all.
            encoded = self.server.packet_class(packet.EVENT, namespace=namespace, data=body, binary=False).encode()
        except TypeError:
            return None
        return engine_packet.Packet(engine_packet.MESSAGE, encoded)

    def _readers(self, namespace: str, room: Any, skip: Any) -> list[str]:
        """The connections of those in the room, without who is passed over."""
        everybody = self.get_participants(namespace, room)
        if not skip:
            return [eio_sid for _sid, eio_sid in everybody]
        left_out = self.passed_over(namespace, skip)
        return [eio_sid for sid, eio_sid in everybody if sid not in left_out]

    def _hand_over(self, eio_sid: str, framed: Frame, packets: Iterable[Any]) -> None:
        reader = self.server.eio.sockets.get(eio_sid)
        if reader is None or reader.closed or not reader.queue.hand_over(framed):
            for one in packets:
                self.server._send_eio_packet(eio_sid, one)  # noqa: SLF001 - as `Manager.emit` does


class PatientRedisManager(RedisManager):
    """Others are told by a connection of its own, with little patience: what is said is in the database."""

    def __init__(self, url: str, channel: str) -> None:
        super().__init__(url, channel=channel, redis_options=listening_options())
        self._teller = redis.Redis.from_url(url, **redis_options())
        self._breaker = Breaker()

    def emit_all(self, broadcasts: Iterable[Broadcast]) -> None:
        """One after the other: each has to go to Redis, too."""
        SparingManager.emit_all(self, broadcasts)

    def _publish(self, data: Any) -> None:
        if not self._breaker.closed:
            return
        try:
            self._teller.publish(self.channel, self.json.dumps(data))
        except redis.RedisError as problem:
            self._breaker.open()
            log.warning("redis_away", error=f"{type(problem).__name__}: {problem}"[:200])


class DirectRedisManager(PatientRedisManager, DirectManager):
    """Sends behind Redis: what came from another process is broadcast here by `DirectManager`."""


class SparingRedisManager(PatientRedisManager, SparingManager):
    """Leaves the sending to the library, behind Redis."""


def build_manager(redis_url: str | None, channel: str, *, direct: bool = True) -> Manager:
    """Who is in which room, and how broadcasts reach them; `direct`: past the queue where that is possible."""
    if redis_url:
        kind = DirectRedisManager if direct else SparingRedisManager
        return kind(redis_url, channel)
    return DirectManager() if direct else SparingManager()
