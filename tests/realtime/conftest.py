"""Real Socket.IO clients against a real server on this machine."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import socketio
from flask import Flask

from app.community.chat import service
from app.people.accounts.service import issue_token
from tests.support.live import LiveServer
from tests.support.people import MemberFactory

WAIT = 10


@dataclass
class Client:
    """A client that keeps what it hears."""

    sio: socketio.Client
    heard: dict[str, queue.Queue[dict[str, Any]]] = field(default_factory=dict)

    def ask(self, event: str, **data: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.sio.call(event, data, timeout=WAIT)
        return answer

    def hear(self, event: str, seconds: float = WAIT) -> dict[str, Any]:
        return self.heard[event].get(timeout=seconds)

    def hears_nothing(self, event: str, seconds: float = 0.6) -> bool:
        try:
            self.hear(event, seconds)
        except queue.Empty:
            return True
        return False

    def cut(self) -> None:
        """As a lost network does: no good-bye."""
        self.sio.eio.ws.sock.close() if getattr(self.sio.eio, "ws", None) else self.sio.disconnect()


HEARD = ("message:new", "message:changed", "notification:new", "conversation:typing", "conversation:read")
Connect = Callable[..., Client]


@pytest.fixture
def connect(live_server: LiveServer) -> Iterator[Connect]:
    """`connect(token)`: a connected client; more keywords go to `socketio.Client.connect`."""
    made: list[socketio.Client] = []

    def open_one(token: str | None = None, **more: Any) -> Client:
        sio = socketio.Client(reconnection=False)
        client = Client(sio, {name: queue.Queue() for name in (*HEARD, "disconnect")})
        for name in HEARD:
            sio.on(name, client.heard[name].put)
        sio.on("disconnect", lambda *reason: client.heard["disconnect"].put({"reason": reason}))
        made.append(sio)
        more.setdefault("transports", ["websocket"])
        if token is not None:
            more.setdefault("auth", {"token": token})
        sio.connect(live_server.url, wait_timeout=WAIT, **more)
        return client

    yield open_one
    for sio in made:
        if sio.connected:
            sio.disconnect()


@dataclass(frozen=True)
class Pair:
    """Ana and Bo with a token each, and their conversation."""

    ana: int
    bo: int
    ana_token: str
    bo_token: str
    conversation: str


@pytest.fixture
def pair(app: Flask, member: MemberFactory) -> Pair:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo])
    return Pair(ana, bo, issue_token(ana), issue_token(bo), ident)
