"""The suite itself keeps its promises: no network, its own servers, no silent skip."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import psycopg
import pytest
import redis

from tests.support.network import OutsideWorldError
from tests.support.servers import postgres_address, run_directory

pytest_plugins = ("pytester",)

CONFTEST = Path(__file__).parents[1] / "conftest.py"


def test_the_outside_world_cannot_be_reached() -> None:
    with socket.socket() as probe, pytest.raises(OutsideWorldError):
        probe.connect(("192.0.2.1", 80))


def test_postgresql_is_real_and_orders_letters_as_people_do() -> None:
    with psycopg.connect(postgres_address("template1").replace("+psycopg", "")) as connection:
        version = connection.execute("SHOW server_version_num").fetchone()
    assert version is not None
    assert int(version[0]) >= 150000


def test_valkey_is_real(redis_url: str) -> None:
    store = redis.Redis.from_url(redis_url)
    store.set("kin", "market")
    assert store.get("kin") == b"market"


def test_all_processes_of_a_run_share_one_folder() -> None:
    assert (run_directory() / "owner").exists()


def test_a_skip_fails_where_none_is_allowed(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    source = CONFTEST.read_text()
    hook = source[source.index("@pytest.hookimpl(wrapper=True)") : source.index("@pytest.fixture\ndef fixed_clock")]
    pytester.makeconftest(
        "import os, pytest\ndef skips_forbidden(): return bool(os.environ.get('KINMARKET_TEST_NO_SKIP'))\n"
        "from collections.abc import Iterator\n" + hook
    )
    pytester.makepyfile("import pytest\ndef test_it(): pytest.skip('no browser')\n")
    monkeypatch.delenv("KINMARKET_TEST_NO_SKIP", raising=False)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(skipped=1)
    monkeypatch.setenv("KINMARKET_TEST_NO_SKIP", "1")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(failed=1)
    assert os.environ["KINMARKET_TEST_NO_SKIP"] == "1"
