"""Real Socket.IO clients against a real server on this machine.

Starting a server takes seconds, so the tests of a module share one and make members of their own.
"""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import socketio
from flask import Flask

from app.messaging.conversations import service
from app.people.accounts.service import issue_token
from tests.support.databases import Kind, fresh_database
from tests.support.live import LiveServer, start_server
from tests.support.people import MemberFactory

WAIT = 15
HEARD = ("message:new", "message:changed", "notification:new", "conversation:typing", "conversation:read")
NO_ORIGIN = ["polling"]  # websocket-client always says where it comes from, requests never does
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def database_url(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("realtime")
    with fresh_database(cast(Kind, database_kind), folder / "database") as address:
        yield address


@pytest.fixture(scope="module")
def live_server(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with start_server(database_url, tmp_path_factory.mktemp("data")) as server:
        yield server


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
        self.sio.eio.ws.sock.close()


Connect = Callable[..., Client]


@pytest.fixture
def connect(live_server: LiveServer) -> Iterator[Connect]:
    """`connect(token)`: a connected client; more keywords go to `socketio.Client.connect`."""
    made: list[socketio.Client] = []

    def open_one(token: object = None, *, origin: str | None = None, **more: Any) -> Client:
        # websocket-client adds an Origin of its own, and a second one as a header would not replace it.
        options = {"origin": origin} if origin and more.get("transports") != ["polling"] else {}
        if origin and not options:
            more["headers"] = {**more.get("headers", {}), "Origin": origin}
        sio = socketio.Client(reconnection=False, websocket_extra_options=options)
        client = Client(sio, {name: queue.Queue() for name in (*HEARD, "disconnect")})
        for name in HEARD:
            sio.on(name, client.heard[name].put)
        sio.on("disconnect", lambda *reason: client.heard["disconnect"].put({"reason": reason}))
        made.append(sio)
        more.setdefault("transports", ["websocket"])
        more.setdefault("wait_timeout", WAIT)
        if token is not None:
            more.setdefault("auth", {"token": token})
        sio.connect(more.pop("url", live_server.url), **more)
        return client

    yield open_one
    for sio in made:
        if not sio.connected:
            continue
        # A polite good-bye waits three seconds for the server's answer.
        socket = getattr(sio.eio, "ws", None)
        if socket is not None:
            socket.shutdown()
        else:
            sio.disconnect()


@dataclass(frozen=True)
class Pair:
    """Two members with a token each, and their conversation."""

    ana: int
    bo: int
    ana_handle: str
    ana_token: str
    bo_token: str
    conversation: str


@pytest.fixture
def newcomer(member: MemberFactory) -> Callable[..., int]:
    """A member with a name that no other test of the module uses."""
    return lambda name="cem", **more: member(f"{name}_{next(_numbers)}", **more)


@pytest.fixture
def pair(app: Flask, newcomer: Callable[..., int]) -> Pair:
    from app.people.profiles.queries import cards

    ana, bo = newcomer("ana"), newcomer("bo")
    ident, _ = service.start_conversation(ana, [bo])
    return Pair(ana, bo, cards([ana])[ana].handle, issue_token(ana), issue_token(bo), ident)
