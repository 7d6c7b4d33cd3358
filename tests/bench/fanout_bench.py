"""One room, many readers, beside Node's socket.io: `python -m tests.bench.fanout_bench` prints a table in Markdown.

The same light client for every server: one process, one epoll, that counts the bytes of equally long
frames, so that it never is what is waited for. Everything on this machine's loopback.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil  # type: ignore[import-untyped] # its stubs are a package of their own

from tests.support.servers import free_port, wait_for_port

ROOT = Path(__file__).parents[2]
BODY = "How about Saturday at ten, at the market hall? I bring the lamp and the two chairs. " * 2
HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
NODE = (shutil.which("node") or "node", str(ROOT / "tests/bench/fanout_node.mjs"))
OURS = (sys.executable, "-m", "tests.bench.fanout_bench")
SERVERS = {
    "Node socket.io": lambda port: [*NODE, str(port)],
    "Kinmarket, direct send": lambda port: [*OURS, "--serve", str(port)],
    "Kinmarket, switched off": lambda port: [*OURS, "--plain", "--serve", str(port)],
}
HEAD = (
    "| readers | server | deliveries/s, best | median | beside Node | CPU µs each "
    "| KB per connection | beside Node |\n|--:|---" + "|--:" * 6 + "|"
)


def serve(port: int, *, direct: bool) -> None:
    """What `app.serving` and `app.platform.realtime` set up, without pages and database."""
    from gevent import monkey

    monkey.patch_all()
    from flask import Flask, request
    from flask_socketio import SocketIO
    from gevent.pywsgi import WSGIServer

    from app.platform import socket_watch
    from app.platform.fanout import install as fanout
    from app.platform.fanout.rooms import build_manager
    from app.platform.realtime import MAX_FRAME, _without_deflate

    app = Flask("bench")
    sockets = SocketIO()
    rooms = {"client_manager": build_manager(None, "bench")} if direct else {}
    sockets.init_app(
        app, async_mode="gevent", async_handlers=False, manage_session=False, http_compression=False,
        max_http_buffer_size=MAX_FRAME, ping_interval=300, ping_timeout=300, **rooms,
    )  # fmt: skip
    if direct:
        fanout.install(sockets.server.eio, MAX_FRAME)
    else:
        socket_watch.bound_messages(sockets, MAX_FRAME)
    app.wsgi_app = _without_deflate(app.wsgi_app)  # type: ignore[method-assign]

    @sockets.on("connect")
    def connect() -> None:
        sockets.server.enter_room(request.sid, "room")

    @sockets.on("go")
    def go(count: int, body: str) -> str:
        for number in range(1, count + 1):
            sockets.emit("message:new", {"seq": f"{number:08}", "body": body}, to="room")
            sockets.sleep(0)
        return "done"

    WSGIServer(("127.0.0.1", port), app, log=None).serve_forever()


class Reader:
    """One connection, after the handshakes."""

    def __init__(self, port: int, auth: dict[str, str] | None = None) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(HANDSHAKE.format(key=key).encode())
        answer = self._until(b"}")  # the engine's greeting
        if b" 101 " not in answer.split(b"\r\n", 1)[0] or b"permessage-deflate" in answer.lower():
            raise RuntimeError(f"no plain WebSocket: {answer[:200]!r}")
        self.say("40" + (json.dumps(auth) if auth else ""))
        self._until(b"}")
        self.sock.setblocking(False)

    def _until(self, mark: bytes) -> bytes:
        got = b""
        while not got.endswith(mark):
            part = self.sock.recv(4096)
            if not part:
                raise ConnectionError(f"closed after {got[:200]!r}")
            got += part
        return got

    def say(self, text: str) -> None:
        """One masked frame (the mask is zero: the bytes stay as they are)."""
        data = text.encode()
        size = bytes((0x80 | len(data),)) if len(data) < 126 else bytes((0xFE, *len(data).to_bytes(2, "big")))
        self.sock.sendall(b"\x81" + size + b"\0\0\0\0" + data)


@dataclass(frozen=True)
class Figures:
    """Of one run on a fresh server."""

    per_second: float
    cpu: float  # microseconds of the server for one delivery
    memory: float  # KB for one connection


@contextmanager
def running(name: str) -> Iterator[tuple[psutil.Process, int]]:
    """The server of that name, until the block ends."""
    port = free_port()
    process = subprocess.Popen(SERVERS[name](port), cwd=ROOT)
    try:
        wait_for_port(port, process, 60)
        yield psutil.Process(process.pid), port
    finally:
        process.kill()
        process.wait()


def measure(name: str, readers: int, deliveries: int) -> Figures:
    """Connect everybody, then broadcast; every byte is waited for, so nothing can be lost unseen."""
    with running(name) as (server, port):
        Reader(port).sock.close()
        time.sleep(0.5)
        before = server.memory_info().rss
        crowd = [Reader(port) for _ in range(readers)]
        time.sleep(1.5)
        memory = (server.memory_info().rss - before) / 1024 / readers
        _broadcast(crowd, 5)  # both have met every reader, and the compiler of Node has seen the way
        count = max(5, deliveries // readers)
        cpu = sum(server.cpu_times()[:2])
        took = _broadcast(crowd, count)
        cpu = sum(server.cpu_times()[:2]) - cpu
        for one in crowd:
            one.sock.close()
        return Figures(readers * count / took, cpu * 1e6 / (readers * count), memory)


def _broadcast(crowd: list[Reader], count: int) -> float:
    """Seconds from the asking until the last byte of the last reader."""
    payload = json.dumps(["message:new", {"seq": "00000001", "body": BODY}], separators=(",", ":"))
    each = len(f"42{payload}".encode())
    each += 2 if each < 126 else 4
    answer = len('431["done"]') + 2
    missing = each * count * len(crowd) + answer
    watch = select.epoll()
    buffer = bytearray(1 << 18)  # one for all: what is read is only counted
    by_number = {}
    for one in crowd:
        watch.register(one.sock, select.EPOLLIN)
        by_number[one.sock.fileno()] = one.sock.recv_into
    begin = time.perf_counter()
    crowd[0].say("421" + json.dumps(["go", count, BODY]))
    until = begin + 120
    while missing > 0:
        for number, _ in watch.poll(5):
            took = by_number[number](buffer)
            if not took:
                raise ConnectionError("a reader was let go")
            missing -= took
        if time.perf_counter() > until:
            raise TimeoutError(f"{missing} bytes are missing")
    seconds = time.perf_counter() - begin
    watch.close()
    if missing < 0:
        raise RuntimeError(f"{-missing} bytes too many")
    return seconds


def compare(readers: int, deliveries: int, repeats: int, names: list[str]) -> dict[str, list[Figures]]:
    """In turns, so that what else the machine does falls on all alike."""
    found: dict[str, list[Figures]] = {name: [] for name in names}
    for _ in range(repeats):
        for name in names:
            found[name].append(measure(name, readers, deliveries))
    return found


def show(readers: int, found: dict[str, list[Figures]]) -> None:
    """Best and median of what happened per second; medians of the rest; each beside the first."""
    first = next(iter(found.values()))
    for name, runs in found.items():
        best, middle = max(one.per_second for one in runs), median(one.per_second for one in runs)
        cpu, memory = median(one.cpu for one in runs), median(one.memory for one in runs)
        ratio = best / max(one.per_second for one in first)
        grown = memory / median(one.memory for one in first)
        print(  # noqa: T201
            f"| {readers} | {name} | {best:,.0f} | {middle:,.0f} | {ratio:.2f} "
            f"| {cpu:.1f} | {memory:.0f} | {grown:.2f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, action="append")
    parser.add_argument("--deliveries", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="servers with this word in their name, beside Node's")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, direct=not given.plain)
        return
    names = [name for name in SERVERS if name.startswith("Node") or given.only in name]
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before the start, {given.repeats} fresh servers each\n")  # noqa: T201
    print(HEAD)  # noqa: T201
    for readers in given.readers or (500, 2000):
        show(readers, compare(readers, given.deliveries, given.repeats, names))


if __name__ == "__main__":
    main()
