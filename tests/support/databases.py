"""A migrated database for each test: made once for the whole run, copied for each test."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
from sqlalchemy import Engine, event

from app import create_app
from app.platform.database import db
from app.platform.schema import newest_revision, upgrade
from app.platform.settings import Settings
from tests.support.servers import one_at_a_time, postgres_address, run_directory

Kind = Literal["sqlite", "postgres"]
TEMPLATE = "kinmarket_template"


@event.listens_for(Engine, "connect")
def _need_not_survive_a_power_cut(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def settings_for(database_url: str, data_dir: Path, **changes: str | int | None) -> Settings:
    """Settings of an installation under test."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        secret_key="a key that only the tests know, of 32 and more",
        public_url="http://127.0.0.1:8000",
        testing=True,
        **changes,  # type: ignore[arg-type]
    )


@contextmanager
def fresh_database(kind: Kind, folder: Path) -> Iterator[str]:
    """The address of a migrated and empty database of the caller's own."""
    maker = _fresh_sqlite if kind == "sqlite" else _fresh_postgres
    with maker(folder) as address:
        yield address


@contextmanager
def bare_database(kind: Kind, folder: Path) -> Iterator[str]:
    """The same before the first migration."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bare.db'}"
        return
    name = f"bare_{secrets.token_hex(6)}"
    _create(name, "template0")
    try:
        yield postgres_address(name)
    finally:
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _fresh_sqlite(folder: Path) -> Iterator[str]:
    template = run_directory() / "template.db"
    with one_at_a_time("sqlite-template"):
        if not template.exists():
            draft = template.with_suffix(".draft")
            _migrate(f"sqlite:///{draft}")
            with closing(sqlite3.connect(draft)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            draft.rename(template)
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "kinmarket.db"
    shutil.copyfile(template, copy)
    yield f"sqlite:///{copy}"


@contextmanager
def _fresh_postgres(_folder: Path) -> Iterator[str]:
    ready = run_directory() / "postgres-template"
    with one_at_a_time("postgres-template"):
        if not ready.exists():
            _create(TEMPLATE, "template0")
            _migrate(postgres_address(TEMPLATE))
            ready.touch()
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    _create(name, TEMPLATE)
    try:
        yield postgres_address(name)
    finally:
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _migrate(address: str) -> None:
    application = create_app(settings_for(address, run_directory() / "template-data"))
    if newest_revision() is not None:
        upgrade(application)
    with application.app_context():
        # A table that has no revision yet: only the schema's own test shall fail for it.
        db.create_all()
        db.session.remove()
        db.engine.dispose()


def _create(name: str, template: str) -> None:
    # Databases in "C" would order and fold letters by bytes: never the way of an installation.
    _administer(
        f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy '
        "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    )


def _administer(statement: str) -> None:
    address = postgres_address().replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
