"""Frames leave whole and in order, however little the reader takes."""

from __future__ import annotations

import random
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
from wsproto.frame_protocol import FrameProtocol

from app.platform.fanout.wire import Taken, Wire, frame

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def narrow() -> Iterator[Pair]:
    """The server's end takes few bytes, as with a reader far behind."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    yield ours, theirs
    ours.close()
    theirs.close()


def read_all(sock: socket.socket, count: int) -> bytes:
    sock.settimeout(10)
    got = b""
    while len(got) < count:
        part = sock.recv(65536)
        assert part, "the connection has ended"
        got += part
    return got


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
@pytest.mark.parametrize("kind", [str, bytes])
def test_a_frame_is_what_a_client_understands(length: int, kind: type) -> None:
    message = "é" * length if kind is str else b"\x00\xff" * length
    client = FrameProtocol(client=True, extensions=[])
    client.receive_bytes(frame(message))
    parts = list(client.received_frames())
    assert parts[-1].message_finished
    assert type(message)().join(one.payload for one in parts) == message


def test_an_offer_that_fits_leaves_at_once(narrow: Pair) -> None:
    ours, theirs = narrow
    assert Wire(ours).offer(frame("hello")) is Taken.ALL
    assert theirs.recv(100) == frame("hello")


def test_the_rest_of_a_partial_write_goes_out_first(narrow: Pair) -> None:
    ours, theirs = narrow
    wire = Wire(ours)
    big, next_one = frame("x" * 300_000), frame("after")
    assert wire.offer(big) is Taken.PART
    assert wire.offer(next_one) is Taken.NONE
    writer = threading.Thread(target=wire.send, args=(next_one,))
    writer.start()
    assert read_all(theirs, len(big) + len(next_one)) == big + next_one
    writer.join(10)
    assert wire.offer(frame("free again")) is Taken.ALL


def test_an_offer_to_a_full_reader_takes_nothing_and_does_not_wait(narrow: Pair) -> None:
    ours, theirs = narrow
    wire = Wire(ours)
    sent = b""
    small = frame("y" * 50)
    while (taken := wire.offer(small)) is Taken.ALL:
        sent += small
    if taken is Taken.PART:
        sent += small
        assert wire.offer(small) is Taken.NONE
    writer = threading.Thread(target=wire.send, args=(b"",))
    writer.start()
    assert read_all(theirs, len(sent)) == sent
    writer.join(10)


def test_whoever_sends_the_frames_never_mix(narrow: Pair) -> None:
    ours, theirs = narrow
    wire = Wire(ours)
    draw = random.Random(7)
    frames = [frame(f"{n}:" + "z" * draw.choice((3, 200, 9000, 40_000))) for n in range(120)]

    def offer(mine: list[bytes]) -> None:
        for one in mine:
            taken = wire.offer(one)
            if taken is not Taken.ALL:
                wire.send(one if taken is Taken.NONE else b"")

    writers = [threading.Thread(target=offer, args=(frames[n::4],)) for n in range(4)]
    for writer in writers:
        writer.start()
    client = FrameProtocol(client=True, extensions=[])
    client.receive_bytes(read_all(theirs, sum(map(len, frames))))
    heard, text = [], ""
    for part in client.received_frames():
        text += part.payload
        if part.message_finished:
            heard.append(text)
            text = ""
    for writer in writers:
        writer.join(10)
    assert sorted(frame(one) for one in heard) == sorted(frames)
    for n in range(4):
        order = [int(one.split(":")[0]) for one in heard if int(one.split(":")[0]) % 4 == n]
        assert order == sorted(order)


def test_a_lost_connection_is_the_writers_to_find(narrow: Pair) -> None:
    ours, theirs = narrow
    wire = Wire(ours)
    theirs.close()
    assert wire.offer(frame("to nobody")) is Taken.NONE
    with pytest.raises(OSError):  # noqa: PT011 - which one is the system's choice
        wire.send(frame("to nobody"))


def test_cutting_wakes_a_writer_who_waits(narrow: Pair) -> None:
    ours, _theirs = narrow
    wire = Wire(ours)
    failed: list[OSError] = []

    def write() -> None:
        try:
            wire.send(frame("x" * 500_000))
        except OSError as problem:
            failed.append(problem)

    writer = threading.Thread(target=write)
    writer.start()
    while wire.offer(b"") is not Taken.NONE:
        pass
    wire.cut()
    writer.join(10)
    assert failed


def test_nagle_is_off_and_tls_goes_by_the_queue() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as theirs:
        ours, _ = door.accept()
        assert Wire(ours).direct
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        wrapped = context.wrap_socket(theirs, do_handshake_on_connect=False)
        assert not Wire(wrapped).direct
        wrapped.close()
        ours.close()
