"""Clients that stop in the middle: each is let go in time, none keeps anything from the others."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from tests.realtime.conftest import Pair
from tests.support.live import ROOT, LiveServer
from tests.support.servers import free_port, wait_for_port

HEAD = b"POST /%s HTTP/1.1\r\nHost: here\r\n"
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n"
# Where a client can stop; what it is told, and whether the application may have heard of it.
STALLS = {
    "nothing": (b"", b""),
    "half a request line": (b"POST /half-l", b"408"),
    "half a header": (HEAD % b"half-header" + b"Content-Le", b"408"),
    "headers without their end": (HEAD % b"no-end", b"408"),
    "no body": (HEAD % b"no-body" + b"Content-Length: 100\r\n\r\n", b"408"),
    "half a body": (HEAD % b"half-body" + b"Content-Length: 100\r\n\r\n" + b"x" * 50, b"408"),
    "half a large body": (HEAD % b"large" + b"Content-Length: 90000\r\n\r\n" + b"x" * 70_000, b"408"),
    "waits to be asked": (HEAD % b"asked" + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", b"100"),
    "no chunk": (HEAD % b"no-chunk" + CHUNKS, b"408"),
    "half a chunk": (HEAD % b"half-chunk" + CHUNKS + b"a\r\nxx", b"408"),
    "no last chunk": (HEAD % b"no-last" + CHUNKS + b"2\r\nxx\r\n", b"408"),
    "no chunks at all": (HEAD % b"bad-chunk" + CHUNKS + b"zz\r\n", b"400"),
    "half a chunk's length": (HEAD % b"chunk-length" + CHUNKS + b"10", b"408"),
    "silent after an answer": (b"GET /calls HTTP/1.1\r\nHost: here\r\n\r\n", b"200"),
}


@pytest.fixture(scope="module")
def slow_server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.support.slow_server", str(port)], cwd=ROOT)
    try:
        wait_for_port(port, process)
        yield port, process
    finally:
        process.kill()
        process.wait(10)


def _connect(port: int, sent: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(sent)
    return client


def _all_of(client: socket.socket) -> bytes:
    """Until the server ends it."""
    found = b""
    with suppress(ConnectionResetError):
        while piece := client.recv(65_536):
            found += piece
    return found


def _calls(port: int) -> list[str]:
    return requests.get(f"http://127.0.0.1:{port}/calls", timeout=5).text.split()


def test_every_way_to_stop_ends(slow_server: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, _process = slow_server
    begun = time.monotonic()
    clients = {name: _connect(port, sent) for name, (sent, _told) in STALLS.items()}
    told = {}
    for name, client in clients.items():
        with closing(client):
            told[name] = _all_of(client)
    assert time.monotonic() - begun < 8
    for name, (_sent, status) in STALLS.items():
        first_line = told[name].partition(b"\r\n")[0]
        assert status in first_line if status else not first_line, (name, first_line)
    assert not _calls(port), "the application heard of requests that never came to their end"


def test_a_client_that_drips_is_let_go(slow_server: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, _process = slow_server
    with closing(_connect(port, HEAD % b"drips" + b"Content-Length: 90000\r\n\r\n")) as client:
        client.settimeout(0.2)
        until = time.monotonic() + 8
        ended = False
        while not ended and time.monotonic() < until:
            with suppress(TimeoutError):
                # The pause between two drops is the wait for an answer that does not come.
                ended = b"408" in client.recv(100) or True
            with suppress(OSError):
                client.sendall(b"x")
        assert ended
    assert "/drips" not in _calls(port)


def test_who_takes_no_answer_is_let_go(slow_server: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, _process = slow_server
    with closing(_connect(port, b"GET /much HTTP/1.1\r\nHost: here\r\n\r\n")) as client:
        until = time.monotonic() + 8
        # The rest of what lies in the buffers is there; the answer itself was broken off.
        while "/much" not in _calls(port):
            assert time.monotonic() < until
        first = client.recv(1)
        assert first
        _wait_until_closed(port, client)


def _wait_until_closed(port: int, client: socket.socket) -> None:
    """Asks the kernel whether the other side still holds the connection, without reading from it."""
    mine = client.getsockname()[1]
    until = time.monotonic() + 8
    while time.monotonic() < until:
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        states = [row[3] for row in rows if row[1].endswith(f":{port:04X}") and row[2].endswith(f":{mine:04X}")]
        if "01" not in states:
            return
    raise AssertionError("the server still holds the connection")


def test_bodies_arrive_whole(slow_server: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, _process = slow_server
    url = f"http://127.0.0.1:{port}"
    assert requests.post(f"{url}/whole", data=b"x" * 99_000, timeout=5).text == "99000"
    assert requests.post(f"{url}/chunks", data=iter([b"x" * 10, b"y" * 70_000]), timeout=5).text == "70010"
    assert requests.post(f"{url}/empty", timeout=5).text == "0"
    expects = {"Expect": "100-continue"}
    assert requests.post(f"{url}/expected", data=b"x" * 10, headers=expects, timeout=5).text == "10"
    files = {"photo": b"x" * 200_000}
    assert int(requests.post(f"{url}/files", files=files, timeout=5).text) > 200_000
    assert requests.post(f"{url}/too-many-chunks", data=iter([b"x" * 110_000]), timeout=5).status_code == 413
    too_large = requests.post(f"{url}/too-large", data=b"x" * 5_000_000, timeout=5)
    assert (too_large.status_code, too_large.headers["Connection"]) == (413, "close")
    # Two requests that come in one piece are two requests.
    two = HEAD % b"one" + b"Content-Length: 2\r\n\r\nab"
    two += HEAD % b"two" + b"Content-Length: 3\r\nConnection: close\r\n\r\nabc"
    with closing(_connect(port, two)) as client:
        assert _all_of(client).count(b"200 OK") == 2


def test_a_drain_answers_whoever_has_begun(slow_server: tuple[int, subprocess.Popen[bytes]]) -> None:
    """The last of this module: the server ends with it."""
    port, process = slow_server
    kept = requests.Session()
    assert kept.get(f"http://127.0.0.1:{port}/calls", timeout=5).headers.get("Connection") != "close"
    slow = _connect(port, b"GET /slow?1.0 HTTP/1.1\r\nHost: here\r\n\r\n")
    half = _connect(port, HEAD % b"later" + b"Content-Length: 4\r\n\r\nab")
    until = time.monotonic() + 5
    # By the connection that is kept, which the server would let go if it were silent meanwhile.
    while "/slow" not in kept.get(f"http://127.0.0.1:{port}/calls", timeout=5).text:
        assert time.monotonic() < until
    process.send_signal(signal.SIGTERM)
    answer = kept.get(f"http://127.0.0.1:{port}/calls", timeout=5)
    while answer.headers.get("Connection") != "close":  # the signal is on its way
        assert time.monotonic() < until
        answer = kept.get(f"http://127.0.0.1:{port}/calls", timeout=5)
    assert answer.status_code == 200
    with suppress(OSError):
        while True:  # until the door is shut
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            assert time.monotonic() < until
    half.sendall(b"cd")
    for client in (half, slow):
        with closing(client):
            told = _all_of(client)
            assert b"200 OK" in told
            assert b"Connection: close" in told
    assert process.wait(5) == 0


def test_stalled_uploads_do_not_take_the_site_down(
    app: Flask, live_server: LiveServer, pair: Pair, signed_in: Callable[..., FlaskClient]
) -> None:
    """More of each kind than the database has connections, by people whom the database knows."""
    session = signed_in(app.test_client(), pair.ana_handle).get_cookie("kin_session")
    assert session is not None
    by_cookie = f"Cookie: kin_session={session.value}".encode()
    by_token = f"Authorization: Bearer {pair.ana_token}".encode()
    form, files = b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"
    kinds = [
        (b"/login", form, b"X-By: nobody"),
        (b"/listings/new", files, by_cookie),
        (b"/settings/profile", files, by_cookie),
        (b"/api/v1/listings", b"application/json", by_token),
        (b"/api/v1/conversations/%s/messages" % pair.conversation.encode(), b"application/json", by_token),
        (b"/socket.io/?EIO=4&transport=polling", b"text/plain", by_cookie),
    ]
    head = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\n%s\r\nContent-Length: 900\r\n\r\nx"
    stalled = [_connect(live_server.port, head % kind) for kind in kinds for _ in range(20)]
    mine = {"Authorization": f"Bearer {pair.bo_token}"}
    try:
        begun = time.monotonic()
        for path in ("/market", "/healthz", "/api/v1/me", "/api/v1/circle", "/login"):
            answer = requests.get(f"{live_server.url}{path}", headers=mine, timeout=15, allow_redirects=False)
            assert answer.status_code < 400, path
        assert time.monotonic() - begun < 10
    finally:
        for client in stalled:
            client.close()
