"""Alembic's entry: migrates the database of the application at hand."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from app.platform.database import WRITE, db
from app.platform.migrations.tables import broken_references
from app.platform.search.tables import is_search_table

# Two processes that start together must not migrate at the same time.
MIGRATION_LOCK = 0x6B696E02


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The full-text tables are made by their module, not by the models."""
    return not (kind in {"table", "index"} and name is not None and is_search_table(name))


def run() -> None:
    engine = db.engine
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        if sqlite:
            # Outside any transaction, or SQLite does not listen: a table that is copied and dropped
            # would take along every row that points at it.
            _foreign_keys(connection, on=False)
        try:
            _migrate(connection, sqlite=sqlite)
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)


def _migrate(connection: Connection, *, sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        include_object=include_object,
    )
    with context.begin_transaction():
        broken = broken_references(connection) if sqlite else set()
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        context.run_migrations()
        if sqlite and (lost := broken_references(connection) - broken):
            raise RuntimeError(f"the migration leaves rows that point at nothing: {sorted(map(str, lost))[:5]}")
    connection.commit()


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    connection.rollback()
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()


run()
