"""What direct send relies on inside the socket libraries; after an upgrade look here first."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

import flask.ctx
import flask_socketio
import pytest
import simple_websocket
import socketio
from engineio import base_socket, packet
from engineio import server as engine_server
from engineio import socket as engine_socket
from engineio.async_drivers import gevent as gevent_mode
from engineio.async_drivers import threading as threading_mode
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI

from app.platform.fanout.rooms import DirectManager, DirectRedisManager

READ_AGAIN = (
    "{name} is not what app/platform/fanout was written against. Read its new source, see that the promises in "
    "docs/decisions/0002-direct-send.md still hold, run tests/bench/fanout_bench.py, then set the new digest "
    "{digest!r} here. Until then KINMARKET_DIRECT_SEND=0 serves without this package."
)
# The source of everything that is replaced, called past its public door, or counted on.
KNOWN = {
    "flask_socketio.SocketIO._handle_event": (flask_socketio.SocketIO._handle_event, "70d95a741fbd"),
    "flask.ctx.RequestContext": (flask.ctx.RequestContext, "100498a9244b"),
    "engineio.Socket.schedule_ping": (engine_socket.Socket.schedule_ping, "fe316639159c"),
    "engineio.Socket._send_ping": (engine_socket.Socket._send_ping, "21861287bd38"),
    "engineio.Socket.poll": (engine_socket.Socket.poll, "d7d705066fd3"),
    "engineio.Socket.send": (engine_socket.Socket.send, "f8b2738ee5d4"),
    "engineio.Socket.close": (engine_socket.Socket.close, "05fac5583199"),
    "engineio.Socket._websocket_handler": (engine_socket.Socket._websocket_handler, "58afe1227192"),
    "engineio.Socket._upgrade_websocket": (engine_socket.Socket._upgrade_websocket, "02f6ac054416"),
    "engineio.BaseSocket.__init__": (base_socket.BaseSocket.__init__, "8532b631a4dc"),
    "engineio.Server.send_packet": (engine_server.Server.send_packet, "81aec513663f"),
    "engineio.packet.Packet.encode": (packet.Packet.encode, "8f3d5d869711"),
    "engineio's WebSocket": (SimpleWebSocketWSGI, "ef4f852b6726"),
    "socketio.Manager.emit": (socketio.Manager.emit, "566510ea2de3"),
    "socketio.PubSubManager._handle_emit": (socketio.PubSubManager._handle_emit, "f1fb64e2d841"),
    "socketio.PubSubManager.emit": (socketio.PubSubManager.emit, "d26eb5218961"),
    "simple_websocket.Base.__init__": (simple_websocket.ws.Base.__init__, "25f57ef0b5f8"),
    "simple_websocket.Base.close": (simple_websocket.ws.Base.close, "c3b710ade527"),
    "simple_websocket.Base._handle_events": (simple_websocket.ws.Base._handle_events, "fa982a271583"),
    "simple_websocket.Server.__init__": (simple_websocket.Server.__init__, "daea66f7fe24"),
    "simple_websocket.Server.handshake": (simple_websocket.Server.handshake, "e5b2277ee84d"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_frameworks_insides_are_the_ones_we_read(name: str) -> None:
    thing, known = KNOWN[name]
    digest = hashlib.sha256(inspect.getsource(thing).encode()).hexdigest()[:12]
    assert digest == known, READ_AGAIN.format(name=name, digest=digest)


@pytest.mark.parametrize("mode", [gevent_mode, threading_mode])
def test_a_mode_is_a_table_with_queue_and_websocket(mode: Any) -> None:
    assert {"queue", "queue_empty", "websocket", "thread", "event", "sleep"} <= set(mode._async)


def test_behind_redis_broadcasts_end_in_our_loop() -> None:
    order = [kind.__name__ for kind in DirectRedisManager.__mro__]
    assert order.index("PubSubManager") < order.index("DirectManager") < order.index("Manager")
    assert inspect.signature(DirectManager.emit).parameters.keys() >= inspect.signature(
        socketio.Manager.emit
    ).parameters.keys() - {"kwargs"}
