"""Alembic's entry: migrates the database of the application at hand."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import text

from app.platform.database import WRITE, db
from app.platform.search_tables import is_search_table

# Two processes that start together must not migrate at the same time.
MIGRATION_LOCK = 0x6B696E02


def include_object(
    _object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any
) -> bool:
    """The full-text tables are made by their module, not by the models."""
    return not (kind in {"table", "index"} and name is not None and is_search_table(name))


def run() -> None:
    engine = db.engine
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=sqlite,
            compare_type=True,
            include_object=include_object,
        )
        with context.begin_transaction():
            if not sqlite:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK}
                )
            context.run_migrations()
        connection.commit()


run()
