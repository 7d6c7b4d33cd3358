"""How many events one member and one socket may send."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from app.kernel.errors import TooMany
from app.platform import realtime
from app.platform.realtime import MAX_REFUSED, SESSION, SocketClient


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The sockets that were ended; every event of member 2 is beyond the rate."""
    found: list[str] = []

    def check(key: str, limit: str) -> None:
        assert limit == realtime.EVENT_RATE
        if key == "socket:2":
            raise TooMany("wait", retry_after=7)

    monkeypatch.setattr(realtime, "check_rate", check)
    monkeypatch.setattr(realtime, "_end", found.extend)
    monkeypatch.setattr(realtime, "db", SimpleNamespace(session=SimpleNamespace(remove=lambda: None)))
    for sid, member in (("quiet", 1), ("loud", 2)):
        monkeypatch.setitem(realtime._guests, sid, SocketClient(member, SESSION))
    yield found
    realtime._refused.clear()


def send(monkeypatch: pytest.MonkeyPatch, sid: str) -> dict[str, object]:
    monkeypatch.setattr(realtime, "request", SimpleNamespace(sid=sid))
    return realtime._answer(lambda member, data: {"member": member}, ({},))


def test_beyond_the_rate_an_event_is_refused_with_the_time_to_wait(
    ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = send(monkeypatch, "loud")
    assert (answer["ok"], answer["code"], answer["retry_after"]) == (False, "too_many", 7)
    assert send(monkeypatch, "quiet") == {"ok": True, "member": 1}
    assert ended == []


def test_who_goes_on_all_the_same_loses_the_socket(ended: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(MAX_REFUSED):
        send(monkeypatch, "loud")
    assert ended == []
    send(monkeypatch, "loud")
    assert ended == ["loud"]


def test_a_socket_that_nobody_knows_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(monkeypatch, "gone")["code"] == "unauthenticated"
