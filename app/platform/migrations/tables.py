"""Changing a table that SQLite can only change by copying it.

`batch_alter_table` copies a table, drops the old one and renames the copy. Done plainly that loses
three things: with foreign keys on, dropping the old table deletes every row that points at it; its
triggers go with it; and indexes on expressions, which reflection cannot see, are not made anew.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy import Connection, inspect, text

LITE = "sqlite"


@contextmanager
def changed_table(name: str, *, dropped: tuple[str, ...] = ()) -> Iterator[BatchOperations]:
    """As `op.batch_alter_table(name)`, and nothing beside what the batch says is lost.

    `dropped`: the names of triggers and indexes on expressions that shall go.
    """
    connection = op.get_bind()
    if connection.dialect.name != LITE:
        with op.batch_alter_table(name) as batch:
            yield batch
        return
    if connection.execute(text("PRAGMA foreign_keys")).scalar():
        raise RuntimeError(f"foreign keys are on: copying {name} would delete the rows that point at it")
    before = _rows(connection)
    beside = _written_by_hand(connection, name)
    with warnings.catch_warnings():
        # These indexes are made anew below, from their own statements.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        with op.batch_alter_table(name) as batch:
            yield batch
    there = {row.name for row in _written_by_hand(connection, name)}
    for row in beside:
        if row.name not in there and row.name not in dropped:
            connection.exec_driver_sql(row.sql)
    if _rows(connection) != before:
        raise RuntimeError(f"changing {name} has lost rows")


def broken_references(connection: Connection) -> set[tuple[Any, ...]]:
    """Rows of a SQLite database that point at nothing; what a migration leaves more of is its fault."""
    return {tuple(row) for row in connection.execute(text("PRAGMA foreign_key_check"))}


def _written_by_hand(connection: Connection, table: str) -> list[Any]:
    """Triggers of the table, and its indexes that only their own statement describes."""
    found = connection.execute(
        text(
            "SELECT name, type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL "
            "AND (type = 'trigger' OR (type = 'index' AND EXISTS "
            "(SELECT 1 FROM pragma_index_info(sqlite_master.name) WHERE cid < 0)))"
        ),
        {"table": table},
    )
    return list(found)


def _rows(connection: Connection) -> dict[str, int]:
    names = [name for name in inspect(connection).get_table_names() if not name.startswith("_alembic")]
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0  # noqa: S608 - a table's own name
        for name in names
    }
