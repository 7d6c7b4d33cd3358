"""The order in which a reader gets packets, and how much may wait for one."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from engineio.packet import MESSAGE, Packet

from app.platform.fanout import outbox as outbox_module
from app.platform.fanout.outbox import Outbox, frame_of
from app.platform.fanout.wire import Wire, frame


class Reader:
    """One reader: the outbox before a WebSocket that is one end of a narrow socket pair."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.sock = Wire(self.ours)
        self.writers: list[threading.Thread] = []
        self.outbox = Outbox(queue.Queue(), queue.Empty, self._spawn)
        self.farewells = 0

    def bid_farewell(self) -> None:
        self.farewells += 1

    def _spawn(self, work: Callable[[], None]) -> None:
        writer = threading.Thread(target=work, daemon=True)
        self.writers.append(writer)
        writer.start()

    def settle(self) -> None:
        for writer in self.writers:
            writer.join(10)
            assert not writer.is_alive()

    def read(self, count: int) -> bytes:
        self.theirs.settimeout(10)
        got = b""
        while len(got) < count:
            part = self.theirs.recv(1 << 16)
            assert part, "the connection has ended"
            got += part
        return got


@pytest.fixture
def reader() -> Iterator[Reader]:
    one = Reader()
    yield one
    one.sock.cut()
    one.settle()
    one.ours.close()
    one.theirs.close()


def message(text: str | bytes) -> Packet:
    return Packet(MESSAGE, data=text)


def test_a_broadcast_is_framed_once() -> None:
    packet = message("hello")
    assert frame_of(packet) is frame_of(packet)


def test_an_idle_reader_is_sent_to_past_the_queue(reader: Reader) -> None:
    reader.outbox.attach(reader)
    reader.outbox.put(message("direct"))
    assert reader.outbox.qsize() == 0
    assert reader.theirs.recv(100) == frame("4direct")


@pytest.mark.parametrize("direct", [True, False])
def test_packets_direct_and_queued_keep_their_order(reader: Reader, direct: bool) -> None:
    reader.outbox.attach(reader)
    packets = [message(f"{n}:" + "x" * (5 if n % 7 else 12_000)) for n in range(300)]
    expected = b"".join(frame_of(one) for one in packets)
    with_room = threading.Thread(
        target=lambda: [
            (direct and reader.outbox.hand_over(frame_of(one))) or reader.outbox.put(one) for one in packets
        ]
    )
    with_room.start()
    assert reader.read(len(expected)) == expected
    with_room.join(10)


def test_several_senders_each_in_order(reader: Reader) -> None:
    reader.outbox.attach(reader)
    sent = {n: [message(f"{n}:{k}:" + "y" * (k * 37 % 900)) for k in range(100)] for n in range(4)}
    senders = [
        threading.Thread(target=lambda mine=mine: [reader.outbox.put(one) for one in mine]) for mine in sent.values()
    ]
    for sender in senders:
        sender.start()
    got = reader.read(sum(len(frame_of(one)) for mine in sent.values() for one in mine))
    for n, mine in sent.items():
        places = [got.index(f"4{n}:{k}:".encode()) for k in range(len(mine))]
        assert places == sorted(places)
    for sender in senders:
        sender.join(10)


def test_what_was_queued_before_the_websocket_goes_first(reader: Reader) -> None:
    reader.outbox.put(message("first"))
    assert not reader.outbox.hand_over(frame("4second"))
    reader.outbox.put(message("second"))
    reader.outbox.attach(reader)
    both = frame("4first") + frame("4second")
    assert reader.read(len(both)) == both
    assert reader.outbox.hand_over(frame("4third"))
    assert not reader.writers


def test_a_silent_reader_costs_a_bounded_amount_and_delays_nobody(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "MAX_WAITING", 100_000)
    reader.outbox.attach(reader)
    for n in range(2000):
        reader.outbox.put(message(f"{n}" + "z" * 1000))
        assert reader.outbox.waiting <= 100_000
    assert reader.outbox.overrun
    # It is let go: whoever waited for it wakes up.
    reader.settle()
    reader.outbox.detach()
    assert reader.outbox.qsize() == reader.outbox.waiting == 0


def test_one_large_packet_is_not_too_far_behind(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "MAX_WAITING", 1000)
    reader.outbox.put(message("w" * 5000))
    assert not reader.outbox.overrun


def test_a_reader_by_polling_gets_plain_packets() -> None:
    outbox = Outbox(queue.Queue(), queue.Empty, lambda work: work())
    for data in ("text", b"bytes"):
        packet = message(data)
        outbox.put(packet)
        assert outbox.get(block=False) is packet
        assert packet.encode(b64=True) in {"4text", "bYnl0ZXM="}


def test_the_end_comes_after_all_else_and_closes_the_way_past_the_queue(reader: Reader) -> None:
    packets = [message(f"{n}" + "v" * 3000) for n in range(30)]
    reader.outbox.attach(reader)
    for one in packets:
        reader.outbox.put(one)
    reader.outbox.put(None)
    assert not reader.outbox.hand_over(frame("4too late"))
    expected = b"".join(frame_of(one) for one in packets)
    assert reader.read(len(expected)) == expected
    reader.settle()
    assert reader.farewells == 1
    reader.outbox.join()


def test_nobody_waits_for_a_reader_who_is_gone(reader: Reader) -> None:
    reader.outbox.attach(reader)
    while not reader.outbox.qsize():
        reader.outbox.put(message("u" * 3000))
    reader.theirs.close()
    reader.settle()
    reader.outbox.detach()
    reader.outbox.join()
    reader.outbox.put(message("to nobody"))
    reader.outbox.put(None)
    assert reader.outbox.empty()
