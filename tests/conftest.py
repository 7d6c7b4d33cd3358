"""What every test can ask for. The heavy parts (servers, browser) start when the first test wants them."""

from __future__ import annotations

import gc
import itertools
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import compiled
from tests.support.browser import skips_forbidden
from tests.support.network import guard_network
from tests.support.servers import RUN_DIR, close_run_directory, open_run_directory

pytest_plugins = ("tests.support.fixtures", "tests.support.browser_fixtures")

HERE = Path(__file__).parent
# Which databases a test that touches one runs on, by its folder; sqlite where nothing is said.
DATABASES = {"integration": ("sqlite", "postgres")}
# Tests between two collections of garbage.
COLLECT_EVERY = 20
# The search for doctests would import these; one of them patches the standard library.
collect_ignore = ["support"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "databases(*kinds): the databases to run this test on")
    if RUN_DIR not in os.environ:
        open_run_directory()
        config.stash[_opened] = True
    compiled.share_compiled_templates()
    compiled.share_compiled_statements()
    compiled.share_frames()
    compiled.share_read_addresses()
    guard_network()


def pytest_unconfigure(config: pytest.Config) -> None:
    # Only a process that started a server has imported this.
    live = sys.modules.get("tests.support.live")
    if live is not None:
        live.zygote.end()
    if config.stash.get(_opened, False):
        close_run_directory()


_opened = pytest.StashKey[bool]()
_finished = itertools.count(1)


def pytest_collection_finish() -> None:
    """Collect garbage by hand from here on: looking through all that is loaded was a third of the time."""
    gc.set_threshold(50_000, 20, 1_000)
    _leave_alone_what_is_there()


def pytest_runtest_logfinish() -> None:
    if next(_finished) % COLLECT_EVERY == 0:
        _leave_alone_what_is_there()


def _leave_alone_what_is_there() -> None:
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of `integration` run once on each database; a `databases` mark decides for others."""
    if "database_kind" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("databases")
    path = metafunc.definition.path
    folder = path.relative_to(HERE).parts[0] if path.is_relative_to(HERE) else ""
    kinds = mark.args if mark else DATABASES.get(folder, ("sqlite",))
    metafunc.parametrize("database_kind", kinds, ids=str, scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Under CI a skip is a hole in the suite, so it fails."""
    report = yield
    if skips_forbidden() and report.skipped and not hasattr(report, "wasxfail"):  # type: ignore[attr-defined]
        report.outcome = "failed"  # type: ignore[attr-defined]
        report.longrepr = f"{item.nodeid} was skipped, and no skip is allowed here: {call.excinfo}"  # type: ignore[attr-defined]
    return report


@pytest.fixture
def fixed_clock() -> Iterator[object]:
    """Holds the clock at noon of 1 June 2026; `fixed_clock.advance(timedelta)` moves it."""
    from app.kernel.clock import clock

    with clock.freeze(datetime(2026, 6, 1, 12, tzinfo=UTC)) as held:
        yield held
