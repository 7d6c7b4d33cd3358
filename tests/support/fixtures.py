"""An installation for a test: database, application, members, clients and, if asked for, a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.databases import Kind, fresh_database, settings_for
from tests.support.live import LiveServer, start_server
from tests.support.people import MemberFactory, SeparateClient, sign_in
from tests.support.servers import valkey_address


@pytest.fixture(scope="session")
def database_kind() -> str:
    """Overridden by the parametrisation in `conftest`."""
    return "sqlite"


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of the test's own."""
    with fresh_database(cast(Kind, database_kind), tmp_path / "database") as address:
        yield address


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on that database, with an application context pushed."""
    from app import create_app
    from app.platform.database import db
    from app.platform.vocabulary.reading import vocabulary
    from tests.support.documented import watch_answers

    application = create_app(settings_for(database_url, tmp_path / "data"))
    application.test_client_class = SeparateClient
    faults = watch_answers(application)
    with application.app_context():
        # As in a server that runs for a while: what it keeps is no statement of the page that is counted.
        vocabulary()
        db.session.remove()
        yield application
        db.session.remove()
        db.engine.dispose()
    assert not faults, faults


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript and with nobody signed in."""
    return app.test_client()


@pytest.fixture
def member(app: Flask) -> MemberFactory:
    """`member("ana")`, `member("mo", role="moderator")`: makes a member and answers the id."""
    return MemberFactory(app)


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., FlaskClient]:
    """`signed_in(client, "ana")`: the client, from now on signed in as that member."""

    def enter(client: FlaskClient, handle: str) -> FlaskClient:
        sign_in(app, client, handle)
        return client

    return enter


@pytest.fixture
def redis_url() -> str:
    """A real Valkey, emptied."""
    import redis

    address = valkey_address()
    redis.Redis.from_url(address).flushall()
    return address


@pytest.fixture
def live_server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[LiveServer]:
    """`kinmarket serve` as a process of its own, on the test's database and data folder."""
    with start_server(database_url, tmp_path / "data") as server:
        yield server
