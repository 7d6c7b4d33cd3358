"""A server starts without what its libraries would take along, and has it where it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.kernel.later import Later

LOADED = (
    "import sys; from app import lean; lean.import_logs(); lean.import_sockets();"
    "before = set(sys.modules); import redis, requests, rich;"
    "print(*{name.partition('.')[0] for name in before})"
)


def loaded_by(statement: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", statement],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_logs_and_sockets_come_alone() -> None:
    """And what was hidden from them is there for everybody afterwards: the statement imports it."""
    loaded = loaded_by(LOADED, KINMARKET_REDIS_URL="")
    assert {"structlog", "socketio", "engineio"} <= loaded
    assert loaded.isdisjoint({"rich", "pygments", "aiohttp", "requests", "redis", "valkey"})


def test_sockets_have_redis_where_there_is_one() -> None:
    loaded = loaded_by(LOADED, KINMARKET_REDIS_URL="redis://127.0.0.1:1/0")
    assert "redis" in loaded
    assert loaded.isdisjoint({"aiohttp", "requests"})


def test_the_server_loads_nothing_for_clients_or_for_what_few_ask() -> None:
    names = loaded_by("import app.serving, app.assembly, sys; print(*sys.modules)", KINMARKET_REDIS_URL="")
    assert "flask_socketio" in names
    unused = {"aiohttp", "requests", "redis", "networkx", "alembic", "rich", "numba", "confusable_homoglyphs"}
    assert names.isdisjoint(unused), names & unused


def test_a_module_comes_later() -> None:
    wave = Later("wave")
    sys.modules.pop("wave", None)
    assert "wave" not in sys.modules
    assert wave.Error is sys.modules["wave"].Error
    with pytest.raises(AttributeError):
        _ = wave.no_such_thing
