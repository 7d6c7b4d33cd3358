"""Direct send through real connections: what python-socketio promises still holds, and the slow harm nobody."""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio
from engineio.payload import Payload

from tests.bench.fanout_bench import Reader
from tests.support.servers import free_port, wait_for_port

ROOT = Path(__file__).parents[2]
WAIT = 15


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.support.bare_sockets", str(number)], cwd=ROOT)
    try:
        wait_for_port(number, process, 60)
        yield number
    finally:
        process.kill()
        process.wait()


class Client:
    """A whole client of python-socketio, in the room."""

    def __init__(self, port: int, *transports: str) -> None:
        self.said: queue.Queue[Any] = queue.Queue()
        self.gone = queue.Queue[Any]()
        self.sio = socketio.Client(reconnection=False)
        self.sio.on("said", self.said.put)
        self.sio.on("called", lambda data: {"answer": data})
        self.sio.on("disconnect", lambda *reason: self.gone.put(reason))
        self.sio.connect(f"http://127.0.0.1:{port}", transports=list(transports), wait_timeout=WAIT)
        assert self.ask("join") == "joined"

    def ask(self, event: str, *data: Any) -> Any:
        return self.sio.call(event, data or None, timeout=WAIT)

    def numbers(self, count: int) -> list[int]:
        return [self.said.get(timeout=WAIT)["number"] for _ in range(count)]


@pytest.fixture
def clients(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Client]]:
    # Python's client refuses more than 16 packets in one answer to a poll.
    monkeypatch.setattr(Payload, "max_decode_packets", 1000)
    made = {
        "websocket": Client(port, "websocket"),
        "polling": Client(port, "polling"),
        "upgraded": Client(port, "polling", "websocket"),
    }
    assert made["upgraded"].sio.transport() == "websocket"
    yield made
    for client in made.values():
        client.sio.disconnect()


def test_every_transport_hears_all_in_order(clients: dict[str, Client]) -> None:
    assert clients["websocket"].ask("say", 200, "hello") == "done"
    for client in clients.values():
        assert client.numbers(200) == list(range(200))


def test_what_is_told_together_is_heard_by_each_in_order(clients: dict[str, Client]) -> None:
    """Also by who is in two of the rooms (once), not by who is passed over; one that fails is left out."""
    left_out = clients.pop("upgraded")
    assert clients["websocket"].ask("say together", 50, left_out.sio.get_sid()) == "done"
    for client in clients.values():
        heard = client.numbers(50)
        heard.remove(50)  # with bytes, by another way
        assert heard == [0, *range(2, 50)]
    clients["websocket"].ask("say", 1, "afterwards")
    assert left_out.numbers(1) == [0]
    left_out.sio.disconnect()


def test_bytes_and_acknowledgements_both_ways(clients: dict[str, Client]) -> None:
    for name, client in clients.items():
        assert client.ask("echo", "text", b"\x00\xffbytes") == ("text", b"\x00\xffbytes"), name
        client.ask("call me", b"\x01")
        assert client.said.get(timeout=WAIT)["data"] == {"answer": b"\x01"}, name
    clients["upgraded"].ask("say", 3, b"\x00\x01")
    for client in (clients["websocket"], clients["upgraded"]):
        assert [client.said.get(timeout=WAIT) for _ in range(3)] == [
            {"number": number, "data": b"\x00\x01"} for number in range(3)
        ]


def test_large_messages_arrive_whole_among_small_ones(clients: dict[str, Client]) -> None:
    for size in (10, 60_000, 125, 40_000, 5):
        clients["websocket"].ask("say", 1, "x" * size)
        for client in clients.values():
            assert client.said.get(timeout=WAIT)["data"] == "x" * size


def test_pings_pass_and_a_silent_reader_of_them_stays(clients: dict[str, Client]) -> None:
    """Pings come every second here; engine.io's writer would end after six in which its queue is empty."""
    time.sleep(7)
    clients["websocket"].ask("say", 1, "still here")
    for client in clients.values():
        assert client.numbers(1) == [0]


def test_who_is_cut_off_hears_nothing_more(clients: dict[str, Client]) -> None:
    clients["polling"].ask("say", 1, "before")
    lost, stays = clients["websocket"], clients["polling"]
    assert lost.numbers(1) == stays.numbers(1) == [0]
    stays.sio.emit("cut", lost.sio.get_sid())
    stays.ask("say", 50, "after")
    assert stays.numbers(50) == list(range(50))
    lost.gone.get(timeout=WAIT)
    assert lost.said.empty()


def test_a_reader_that_does_not_read_costs_little_and_delays_nobody(port: int, clients: dict[str, Client]) -> None:
    reading = clients["websocket"]
    reading.ask("say", 5, "y" * 20_000)
    reading.numbers(5)
    before = reading.ask("memory")
    silent = Reader(port)
    silent.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    silent.say('42["join"]')
    slowest = 0.0
    for _ in range(25):
        begin = time.monotonic()
        reading.ask("say", 10, "y" * 20_000)
        reading.numbers(10)
        slowest = max(slowest, time.monotonic() - begin)
    assert reading.ask("memory") - before < 20 * 1024, "KB"
    assert slowest < 5, "others do not wait for it"
    until = time.monotonic() + WAIT
    while reading.ask("readers") > len(clients):
        assert time.monotonic() < until, "it is still held"
        time.sleep(0.1)
    silent.sock.close()


def test_a_flood_of_a_client_is_slowed_down_not_kept_in_memory(port: int, clients: dict[str, Client]) -> None:
    reading = clients["websocket"]
    before = reading.ask("memory")
    flood = Reader(port)
    flood.sock.settimeout(0.5)
    data = "z" * 30_000
    try:
        for _ in range(1000):
            # 30 MB; nothing of the answers is read.
            flood.say(f'421["echo","{data}"]')
    except (TimeoutError, ConnectionError):
        pass  # the server takes no more, or has let it go
    assert reading.ask("memory") - before < 20 * 1024, "KB"
    flood.sock.close()


def test_no_compression_and_no_nagle(port: int) -> None:
    """`Reader` offers permessage-deflate and refuses a server that accepts it."""
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT):
        Reader(port).sock.close()
