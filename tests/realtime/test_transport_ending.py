"""A restart loses nothing: what is under way ends, everybody is told to come back, the exit is clean."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import pytest
import requests

from app.messaging.conversations import queries
from tests.realtime.conftest import Client, Connect, Pair
from tests.support.live import start_server


class Sender:
    """Sends one message after the other until the server has gone; keeps what was acknowledged."""

    def __init__(self, client: Client, conversation: str) -> None:
        self.client = client
        self.conversation = conversation
        self.acknowledged: list[str] = []
        self.thread = threading.Thread(target=self._send)
        self.thread.start()

    def _send(self) -> None:
        number = 0
        while self.client.sio.connected:
            number += 1
            said = {"conversation": self.conversation, "client_id": f"d{number}", "body": f"text {number}"}
            try:
                answer = self.client.sio.call("message:send", said, timeout=1)
            except Exception:  # noqa: BLE001 - however the connection ends
                return
            if not answer["ok"]:
                assert answer["code"] == "restarting"
                return
            self.acknowledged.append(f"d{number}")


def test_sigterm_in_the_middle_of_a_chat(pair: Pair, database_url: str, tmp_path: Path, connect: Connect) -> None:
    with start_server(database_url, tmp_path / "data") as server:
        ana, bo = (connect(token, url=server.url) for token in (pair.ana_token, pair.bo_token))
        polling = connect(pair.bo_token, url=server.url, transports=["polling"])
        for client in (ana, bo, polling):
            assert client.ask("conversation:join", conversation=pair.conversation, after_seq=0)["ok"]
        browser = requests.Session()  # a connection that is only kept alive holds nobody up
        assert browser.get(f"{server.url}/healthz", timeout=5).status_code == 200
        sender = Sender(ana, pair.conversation)
        bo.hear("message:new")
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert time.monotonic() - begin < 10
        sender.thread.join(5)
        for client in (ana, bo, polling):
            client.hear("disconnect", 5)
        assert "Traceback" not in server.log()
        kept = [one.client_id for one in queries.messages_after(pair.conversation, 0)]
        # Whatever was acknowledged is there; at most the last had no answer any more.
        assert sender.acknowledged == kept[: len(sender.acknowledged)]
        assert len(kept) - len(sender.acknowledged) <= 1
        heard = [1, *(bo.heard["message:new"].get_nowait()["seq"] for _ in range(bo.heard["message:new"].qsize()))]
        assert heard == list(range(1, len(kept) + 1))
    with start_server(database_url, tmp_path / "data") as server:
        again = connect(pair.bo_token, url=server.url)
        answer = again.ask("conversation:join", conversation=pair.conversation, after_seq=0)
        assert [one["client_id"] for one in answer["messages"]] == kept[:200]


def test_events_that_begin_too_late_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from app.platform import realtime

    monkeypatch.setattr(realtime, "request", SimpleNamespace(sid="x"))
    monkeypatch.setitem(realtime._guests, "x", realtime.SocketClient(1, realtime.SESSION))
    monkeypatch.setattr(realtime._traffic, "closing", True)
    answer = realtime._answer(lambda member, data: {}, ({},))
    assert (answer["ok"], answer["code"]) == (False, "restarting")
    assert realtime.finish_events(0.1)
    monkeypatch.setattr(realtime._traffic, "under_way", 1)
    monkeypatch.setattr(realtime, "socketio", SimpleNamespace(sleep=lambda seconds: None))
    assert not realtime.finish_events(0.05)
