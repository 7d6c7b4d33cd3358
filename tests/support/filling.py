"""Rows for every table of a database as it stands, whatever its revision: by reflection, not by the models."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    func,
    insert,
    select,
)

ROWS = 3
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEFT_ALONE = ("search_fts", "alembic_version")


def reflected(connection: Connection) -> MetaData:
    """The tables of this moment, parents first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _meta: not name.startswith(LEFT_ALONE))
    return found


def fill(connection: Connection, tables: MetaData | None = None, *, leave: tuple[str, ...] = ()) -> None:
    """`ROWS` rows into every table that has none; whoever has looked at the tables already hands them over."""
    for table in (tables or reflected(connection)).sorted_tables:
        if table.name not in leave and not count(connection, table):
            for number in range(ROWS):
                connection.execute(insert(table).values(_row(connection, table, number)))
            if connection.dialect.name == "postgresql":
                _go_on_behind(connection, table)


def _go_on_behind(connection: Connection, table: Table) -> None:
    """The ids were given by hand: the next own one comes behind them."""
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer) and column.server_default is not None:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            connection.execute(select(func.setval(sequence, ROWS)))


def count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def contents(connection: Connection, tables: MetaData | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in an order of their own."""
    return {
        table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=str)
        for table in (tables or reflected(connection)).sorted_tables
    }


def _row(connection: Connection, table: Table, number: int) -> dict[str, Any]:
    parents = {key.parent.name: key for key in table.foreign_keys}
    row: dict[str, Any] = {}
    for place, column in enumerate(table.columns):
        key = parents.get(column.name)
        if key is None:
            row[column.name] = _value(column, number)
        elif key.column.table is table:
            row[column.name] = None
        else:
            found = connection.execute(select(key.column).order_by(key.column)).scalars().all()
            # Two columns that point at members point at two different ones.
            row[column.name] = found[(number + place) % len(found)]
    return {**row, **_FIXED.get(table.name, {})}


# What a check of the database asks for beyond its type.
_FIXED: dict[str, dict[str, Any]] = {
    "standing": {"score": 0.5},
    "vouch": {"weight": 0.6},
    "ask": {"hops": 1, "reach": 2},
    "review_window": {"wrote": 0},
    "coupon": {"amount_minor": None},
    "order_case": {"mediator_id": None, "moderator_id": None, "decided_by": None},
    "service_slot": {"ends_at": START + timedelta(days=1), "closed_at": None},
}


def _value(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, DateTime):
        at = START + timedelta(hours=number)
        return at if kind.timezone else at.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date(2026, 3, 1 + number)
    if isinstance(kind, JSON):
        return {"n": number}
    if isinstance(kind, Integer | Float | Numeric):
        return number + 1
    if isinstance(kind, LargeBinary):
        return bytes([number])
    if column.name.endswith("currency"):
        return "EUR"
    if isinstance(kind, String):
        return f"{column.name[:3]}{number}"[: kind.length or 40]
    raise TypeError(f"{column.table.name}.{column.name}: no value for {kind!r}")
