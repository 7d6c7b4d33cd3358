"""A socket server with direct send alone, in a process of its own: for tests of the transport.

`python -m tests.support.bare_sockets PORT`; pages, database and members are left out.
"""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402 - gevent must patch the standard library before anything else is imported
import gc
import resource
import sys
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO
from gevent.pywsgi import WSGIServer

from app.platform.fanout import install as fanout
from app.platform.fanout.rooms import build_manager

MOST = 64 * 1024


def build() -> Flask:
    """Clients may join `room`, have something said to it, be called back, and ask for the memory in use."""
    app = Flask("bare")
    sockets = SocketIO()
    sockets.init_app(
        app, async_mode="gevent", async_handlers=False, manage_session=False, http_compression=False,
        max_http_buffer_size=MOST, ping_interval=1, ping_timeout=5, client_manager=build_manager(None, "bare"),
    )  # fmt: skip
    fanout.install(sockets.server.eio, MOST)
    broadcast(sockets)

    @sockets.on("join")
    def join() -> str:
        sockets.server.enter_room(request.sid, "room")  # type: ignore[attr-defined] # set by Flask-SocketIO
        return "joined"

    @sockets.on("echo")
    def echo(*data: Any) -> Any:
        return data

    @sockets.on("call me")
    def call_me(data: Any) -> None:
        sid = request.sid  # type: ignore[attr-defined]

        def answered(answer: Any) -> None:
            sockets.emit("said", {"number": 0, "data": answer}, to=sid)

        sockets.emit("called", data, to=sid, callback=answered)

    @sockets.on("cut")
    def cut(sid: str) -> None:
        sockets.server.disconnect(sid)

    @sockets.on("readers")
    def readers() -> int:
        return len(sockets.server.eio.sockets)

    @sockets.on("memory")
    def memory() -> int:
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    return app


def broadcast(sockets: SocketIO) -> None:
    """What goes to the room."""

    @sockets.on("say")
    def say(count: int, data: Any) -> str:
        for number in range(count):
            sockets.emit("said", {"number": number, "data": data}, to="room")
            sockets.sleep(0)
        return "done"

    @sockets.on("say together")
    def say_together(count: int, but: str) -> str:
        # The last one has bytes in it, which go another way; one that cannot be told keeps no other back.
        said: list[dict[str, Any]] = [
            {"number": number, "data": object() if number == 1 else "x" * 500} for number in range(count)
        ]
        said.append({"number": count, "data": b"bytes"})
        everybody = ("room", request.sid)  # type: ignore[attr-defined]
        tells = [(everybody if one["number"] % 2 else "room", "said", one, (but,)) for one in said]
        sockets.server.manager.emit_all(tells)
        return "done"


if __name__ == "__main__":
    WSGIServer(("127.0.0.1", int(sys.argv[1])), build(), log=None).serve_forever()
