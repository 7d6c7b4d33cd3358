"""Tables whose rows are added and never changed: the database itself refuses anything else."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, event

from app.platform.database import Base

_SQLITE: Final = """CREATE TRIGGER {table}_no_{what} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRESQL: Final = (
    """CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""",
    """CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()""",
)


def append_only(model: type[Base]) -> None:
    """Guard the model's table wherever it is created from the models; its migration writes the same statements."""
    event.listen(model.__table__, "after_create", _guard)


def _guard(table: Table, connection: Connection, **_more: object) -> None:
    if connection.dialect.name == "postgresql":
        statements = [one.format(table=table.name) for one in _POSTGRESQL]
    else:
        verbs = ("UPDATE", "DELETE")
        statements = [_SQLITE.format(table=table.name, what=verb.lower(), verb=verb) for verb in verbs]
    for statement in statements:
        connection.exec_driver_sql(statement)
