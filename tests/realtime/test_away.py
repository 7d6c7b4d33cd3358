"""What a server says while its database is away, and that it comes back by itself."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from app.platform.readiness import is_away
from tests.realtime.conftest import Connect, Pair
from tests.support.live import start_server
from tests.support.relay import Relay, relay
from tests.support.servers import free_port, start_valkey


@pytest.fixture
def wire(database_url: str) -> Iterator[tuple[str, Relay]]:
    """The test's PostgreSQL by way of a wire that can be cut."""
    parts = urlsplit(database_url)
    folder = parse_qs(parts.query)["host"][0]

    def connect() -> socket.socket:
        to = socket.socket(socket.AF_UNIX)
        to.connect(f"{folder}/.s.PGSQL.5432")
        return to

    with relay(connect) as made:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{made.port}{parts.path}", made


@pytest.mark.databases("postgres")
def test_the_database_goes_and_comes_back(
    app: Flask,
    wire: tuple[str, Relay],
    pair: Pair,
    connect: Connect,
    signed_in: Callable[..., FlaskClient],
    tmp_path: Path,
) -> None:
    address, database = wire
    cookie = signed_in(app.test_client(), pair.ana_handle).get_cookie("kin_session")
    assert cookie is not None
    with start_server(address, tmp_path / "data") as server:
        ana = connect(pair.ana_token, url=server.url)
        assert ana.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]
        browser, program = requests.Session(), requests.Session()
        browser.cookies.set("kin_session", cookie.value)
        program.headers["Authorization"] = f"Bearer {pair.ana_token}"
        _until_ready(server.url)
        database.cut()
        for who, method, path in (
            (browser, "GET", "/market"),
            (browser, "GET", "/login"),
            (browser, "POST", "/settings/profile"),
            (program, "GET", "/api/v1/me"),
            (program, "GET", "/api/v1/circle"),
            (program, "POST", f"/api/v1/conversations/{pair.conversation}/messages"),
            (requests.Session(), "GET", "/market"),
        ):
            answer = who.request(method, server.url + path, timeout=15, json={"client_id": "a", "body": "b"})
            if path == "/login" and answer.status_code == 200:
                continue  # it shows nothing of the database
            assert answer.status_code == 503, (method, path, answer.status_code)
            assert int(answer.headers["Retry-After"]) > 0
            if path.startswith("/api/"):
                assert answer.json()["code"] == "unavailable"
        said = ana.ask("message:send", conversation=pair.conversation, client_id="c1", body="hello")
        assert (said["ok"], said["code"], said["retry_after"]) == (False, "unavailable", 5)
        alive = requests.get(f"{server.url}/healthz", timeout=5)
        assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
        ready = requests.get(f"{server.url}/readyz", timeout=10)
        assert ready.status_code == 503
        assert "database" in ready.json()["missing"]
        assert "disk" not in ready.json()["missing"]
        database.mend()
        _until_ready(server.url)
        assert browser.get(f"{server.url}/market", timeout=15).status_code == 200
        assert ana.ask("message:send", conversation=pair.conversation, client_id="c1", body="hello")["ok"]
        assert "unexpected_error" not in server.log()


def test_a_frozen_redis_delays_one_answer_and_then_none(
    app: Flask, pair: Pair, connect: Connect, database_url: str, tmp_path: Path
) -> None:
    """Stopped, not ended: it refuses nothing, and answers nothing."""
    port = free_port()
    valkey = start_valkey(port, tmp_path)
    try:
        with start_server(database_url, tmp_path / "data", KINMARKET_REDIS_URL=f"redis://127.0.0.1:{port}/0") as server:
            ana, bo = (connect(token, url=server.url) for token in (pair.ana_token, pair.bo_token))
            for client in (ana, bo):
                assert client.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]
            _until_ready(server.url)
            valkey.send_signal(signal.SIGSTOP)
            waits = []
            for number in range(6):
                begun = time.monotonic()
                said = {"conversation": pair.conversation, "client_id": f"f{number}", "body": "hello"}
                assert ana.ask("message:send", **said)["ok"]
                assert bo.hear("message:new")["client_id"] == f"f{number}"
                waits.append(time.monotonic() - begun)
            assert max(waits) < 6, waits
            assert sorted(waits)[3] < 1, waits
            begun = time.monotonic()
            token = {"Authorization": f"Bearer {pair.bo_token}"}
            for path in ("/api/v1/me", "/market", "/login", "/api/v1/circle"):
                assert requests.get(server.url + path, headers=token, timeout=15).status_code == 200
            assert time.monotonic() - begun < 8
            ready = requests.get(f"{server.url}/readyz", timeout=10)
            assert (ready.status_code, ready.json()["missing"]) == (503, ["redis"])
            valkey.send_signal(signal.SIGCONT)
            _until_ready(server.url)
    finally:
        valkey.kill()
        valkey.wait(10)


def _until_ready(url: str) -> None:
    until = time.monotonic() + 30
    while (answer := requests.get(f"{url}/readyz", timeout=10)).status_code != 200:
        assert time.monotonic() < until, answer.text
        assert answer.headers["Content-Type"] == "application/json"


def test_what_counts_as_away() -> None:
    import sqlite3

    import psycopg
    from sqlalchemy.exc import IntegrityError, OperationalError
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    def said(problem: Exception) -> OperationalError:
        return OperationalError("SELECT 1", {}, problem)

    assert is_away(PoolTimeout())
    assert is_away(said(psycopg.OperationalError("server closed the connection")))
    assert is_away(said(psycopg.errors.AdminShutdown()))
    assert is_away(said(sqlite3.OperationalError("database is locked")))
    assert is_away(said(sqlite3.OperationalError("disk I/O error")))
    assert not is_away(said(sqlite3.OperationalError("no such table: member")))
    assert not is_away(IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")))
    assert not is_away(ValueError("database is locked"))
