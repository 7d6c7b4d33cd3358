"""Decisions about conversations on plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.messaging.conversations.rules import client_id_fits, may_edit, mentioned, start_limit
from app.messaging.presence.rules import nearness


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@bo look", ["bo"]),
        ("mail bo@example.org, or a/@bo", []),
        ("@Ana, @bo; @ana", ["ana", "bo"]),
        ("你好@bo", ["bo"]),
        ("@bo님 안녕, 看@ana吧", ["bo", "ana"]),
        ("müller@bo, grüß@bo.at, josé@bo", []),
        ("(@bo)", ["bo"]),
        ("@" + "x" * 31, []),
        ("@@bo", []),
    ],
)
def test_who_is_spoken_to(text: str, handles: list[str]) -> None:
    assert mentioned(text) == handles


def test_nobody_is_flooded_by_mentions() -> None:
    assert len(mentioned(" ".join(f"@m{n:03}" for n in range(50)))) == 20


def test_the_nearer_the_more_conversations() -> None:
    limits = [int(start_limit(far, None)[1].split("/")[0]) for far in (1, 2, 3, 4, 5, None)]
    assert limits == sorted(limits, reverse=True)
    assert limits[0] > limits[-1]
    assert start_limit(None, "listing")[1] == "60/day"


def test_house_ids_are_the_houses() -> None:
    assert client_id_fits("c1")
    assert not client_id_fits("kinmarket-card:sold:1")


def test_two_days_to_edit() -> None:
    said = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert may_edit(said, said + timedelta(hours=48))
    assert not may_edit(said, said + timedelta(hours=48, seconds=1))


def test_presence_is_told_coarsely() -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    told = [
        nearness(now - timedelta(**ago), now).value
        for ago in ({"minutes": 2}, {"minutes": 4}, {"hours": 23}, {"days": 3}, {"days": 30})
    ]
    assert told == ["online", "today", "today", "this_week", "long_ago"]
    assert nearness(None, now).value == "unknown"
