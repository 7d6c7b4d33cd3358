"""Two server processes with Valkey between them, also while Valkey is taken away and comes back."""

from __future__ import annotations

import queue
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.realtime.conftest import Client, Connect, Pair
from tests.support.live import LiveServer, start_server
from tests.support.servers import free_port, start_valkey


class Valkey:
    """One that a test can take away."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process = start_valkey(self.port, self._folder)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    one = Valkey(tmp_path)
    yield one
    one.stop()


@pytest.fixture
def workers(database_url: str, tmp_path: Path, valkey: Valkey) -> Iterator[list[LiveServer]]:
    with (
        start_server(database_url, tmp_path / "data", KINMARKET_REDIS_URL=valkey.address) as one,
        start_server(database_url, tmp_path / "data", KINMARKET_REDIS_URL=valkey.address) as other,
    ):
        yield [one, other]


class Follower:
    """Keeps to the contract: shows in the order of `seq`, and fetches at a gap or when told of a higher head."""

    def __init__(self, client: Client, conversation: str) -> None:
        self.client = client
        self.conversation = conversation
        self.shown: list[dict[str, Any]] = []
        self.fetches = 0
        self.signals: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        for name in ("message:new", "conversation:head"):
            client.sio.on(name, lambda data, name=name: self.signals.put((name, data)))
        self.fetch()

    @property
    def last(self) -> int:
        return self.shown[-1]["seq"] if self.shown else 0

    def fetch(self) -> None:
        self.fetches += 1
        answer = self.client.ask("conversation:join", conversation=self.conversation, after_seq=self.last)
        assert answer["ok"], answer
        for message in answer["messages"]:
            self.show(message)

    def show(self, message: dict[str, Any]) -> None:
        if message["seq"] == self.last + 1:
            self.shown.append(message)

    def follow_until(self, seq: int, seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while self.last < seq:
            try:
                name, data = self.signals.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"only {self.last} of {seq} messages were shown") from None
            if name == "message:new" and data["seq"] == self.last + 1:
                self.show(data)
            elif data["seq"] > self.last:
                self.fetch()

    def bodies(self) -> list[str]:
        return [one["body"] for one in self.shown]


def say(client: Client, pair: Pair, number: int) -> float:
    """Seconds until the acknowledgement."""
    begin = time.monotonic()
    answer = client.ask("message:send", conversation=pair.conversation, client_id=f"w{number}", body=f"text {number}")
    assert answer["ok"], answer
    assert answer["seq"] == number
    return time.monotonic() - begin


@pytest.mark.databases("sqlite", "postgres")
def test_nothing_is_lost_between_two_workers_while_valkey_restarts(
    workers: list[LiveServer], valkey: Valkey, pair: Pair, connect: Connect
) -> None:
    ana = connect(pair.ana_token, url=workers[0].url)
    near = Follower(connect(pair.bo_token, url=workers[0].url), pair.conversation)
    far = Follower(connect(pair.bo_token, url=workers[1].url), pair.conversation)
    everybody = (near, far)
    for number in range(1, 21):
        say(ana, pair, number)
    for follower in everybody:
        follower.follow_until(20)
        assert follower.fetches <= 2, "with Valkey in its place the hints are enough"
    valkey.stop()
    waited = [say(ana, pair, number) for number in range(21, 41)]
    assert max(waited) < 3, "a sender does not wait for Valkey"
    # Nobody says anything more, and Valkey is still away: the far worker finds out by itself.
    for follower in everybody:
        follower.follow_until(40, 8)
    for number in range(41, 46):
        say(ana, pair, number)
    valkey.start()
    for number in range(46, 51):
        say(ana, pair, number)
    for follower in everybody:
        follower.follow_until(50)
        assert follower.bodies() == [f"text {n}" for n in range(1, 51)]
        assert [one["seq"] for one in follower.shown] == list(range(1, 51))


def test_a_client_that_only_listens_would_have_lost_messages(
    workers: list[LiveServer], valkey: Valkey, pair: Pair, connect: Connect
) -> None:
    """The harness finds the loss that the contract mends."""
    ana = connect(pair.ana_token, url=workers[0].url)
    far = connect(pair.bo_token, url=workers[1].url)
    far.ask("conversation:join", conversation=pair.conversation, after_seq=0)
    say(ana, pair, 1)
    assert far.hear("message:new")["seq"] == 1
    valkey.stop()
    say(ana, pair, 2)
    assert far.hears_nothing("message:new", 2.5)
