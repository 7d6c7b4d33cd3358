"""The order in which a reader gets packets, and how much may wait for one."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from engineio.packet import MESSAGE, Packet

from app.platform.fanout import outbox as outbox_module
from app.platform.fanout.outbox import Outbox, frame_of
from app.platform.fanout.wire import Wire, frame


class Reader:
    """One reader: the outbox, a WebSocket made of a narrow socket pair, and engine.io's writer."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.wire = Wire(self.ours)
        self.outbox = Outbox(queue.Queue(), queue.Empty)
        self.engine = SimpleNamespace(upgraded=True, upgrading=False, queue=self.outbox)
        self.outbox.attach(self.engine, self.wire)
        self.writer = threading.Thread(target=self._write, daemon=True)

    def start(self) -> None:
        self.writer.start()
        while not self.outbox.hand_over(frame("2")):
            pass
        assert self.theirs.recv(3) == frame("2")

    def _write(self) -> None:
        # As `engineio.Socket` does: poll, then send what came.
        while True:
            packets = [self.outbox.get(timeout=20)]
            self.outbox.task_done()
            while packets[-1] is not None:
                try:
                    packets.append(self.outbox.get(block=False))
                except queue.Empty:
                    break
                self.outbox.task_done()
            for one in packets:
                if one is None:
                    return
                try:
                    self.wire.send(one.encode())
                except OSError:
                    return

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
    one.wire.cut()
    one.outbox.put(None)
    if one.writer.is_alive():
        one.writer.join(10)
    one.ours.close()
    one.theirs.close()


def message(text: str | bytes) -> Packet:
    return Packet(MESSAGE, data=text)


def test_a_broadcast_is_framed_once() -> None:
    packet = message("hello")
    assert frame_of(packet) is frame_of(packet)


def test_an_idle_reader_is_sent_to_past_the_queue(reader: Reader) -> None:
    reader.start()
    reader.outbox.put(message("direct"))
    assert reader.outbox.qsize() == 0
    assert reader.theirs.recv(100) == frame("4direct")


@pytest.mark.parametrize("direct", [True, False])
def test_packets_direct_and_queued_keep_their_order(reader: Reader, direct: bool) -> None:
    reader.start()
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
    reader.start()
    sent = {n: [message(f"{n}:{k}:" + "y" * (k * 37 % 900)) for k in range(100)] for n in range(4)}
    senders = [
        threading.Thread(target=lambda mine=mine: [reader.outbox.put(one) for one in mine])
        for mine in sent.values()
    ]
    for sender in senders:
        sender.start()
    got = reader.read(sum(len(frame_of(one)) for mine in sent.values() for one in mine))
    for n, mine in sent.items():
        places = [got.index(f"4{n}:{k}:".encode()) for k in range(len(mine))]
        assert places == sorted(places)
    for sender in senders:
        sender.join(10)


def test_what_was_queued_before_the_writer_began_goes_first(reader: Reader) -> None:
    reader.outbox.put(message("first"))
    assert not reader.outbox.hand_over(frame("4second"))
    reader.outbox.put(message("second"))
    reader.writer.start()
    both = frame("4first") + frame("4second")
    assert reader.read(len(both)) == both


def test_nothing_passes_by_the_queue_during_an_upgrade(reader: Reader) -> None:
    reader.engine.upgrading = True
    with pytest.raises(queue.Empty):
        reader.outbox.get(timeout=0.01)
    assert not reader.outbox.hand_over(frame("4early"))


def test_a_silent_reader_costs_a_bounded_amount_and_delays_nobody(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "MOST_WAITING", 100_000)
    reader.start()
    for n in range(2000):
        reader.outbox.put(message(f"{n}" + "z" * 1000))
        assert reader.outbox.waiting <= 100_000
    assert reader.outbox.overrun
    # It is let go: its writer wakes up and ends.
    reader.writer.join(10)
    assert not reader.writer.is_alive()


def test_one_large_packet_is_not_too_far_behind(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "MOST_WAITING", 1000)
    reader.outbox.put(message("w" * 5000))
    assert not reader.outbox.overrun


def test_a_reader_by_polling_gets_plain_packets() -> None:
    outbox = Outbox(queue.Queue(), queue.Empty)
    for data in ("text", b"bytes"):
        packet = message(data)
        outbox.put(packet)
        assert outbox.get(block=False) is packet
        assert packet.encode(b64=True) in {"4text", "bYnl0ZXM="}


def test_a_reader_spoken_to_directly_is_not_taken_for_silent(reader: Reader) -> None:
    """engine.io ends the writer when its queue stays empty for longer than a ping takes."""
    looks: list[float | None] = []

    class Empty(queue.Queue):  # type: ignore[type-arg]
        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            looks.append(timeout)
            if len(looks) == 1:
                assert reader.outbox.hand_over(frame("2"))
            raise queue.Empty

    reader.outbox = Outbox(Empty(), queue.Empty)
    reader.outbox.attach(reader.engine, reader.wire)
    with pytest.raises(queue.Empty):
        reader.outbox.get(timeout=45)
    assert looks == [45, 45]


def test_the_end_closes_the_way_past_the_queue(reader: Reader) -> None:
    reader.start()
    reader.outbox.put(None)
    assert not reader.outbox.hand_over(frame("4too late"))
    reader.writer.join(10)
    reader.outbox.join()
