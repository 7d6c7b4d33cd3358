"""Writes that are right when two people write at once, the same on SQLite and PostgreSQL; and lists as one value.

Reading first and inserting then is a race: the second of two gets an IntegrityError. Here the
database decides, in one statement, and says what it did.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    Table,
    TableValuedAlias,
    and_,
    any_,
    bindparam,
    case,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from app.platform.database import Base, db

Insert = postgresql.Insert | sqlite.Insert
Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]
# SQLite takes 32,766 values in one statement, PostgreSQL 65,535.
MAX_VALUES = 30_000
_RACES = frozenset(
    {"23505", "23503", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_FOREIGNKEY"}
)


def insert_into(table: type[Base] | Table) -> Insert:
    """An INSERT that knows `on_conflict_…` on the database at hand, for what the others don't say."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement: Insert = dialect.insert(_table(table))
    return statement


def insert_or_ignore(table: type[Base] | Table, rows: Rows, *, keys: Sequence[str] | None = None) -> int:
    """Insert what is not there yet; answers how many rows are new.

    Without `keys` a conflict with any unique constraint is passed over, with them only with that one.
    """
    return sum(
        _count(insert_into(table).values(some).on_conflict_do_nothing(index_elements=keys), table)
        for some in _portions(rows)
    )


def upsert(
    table: type[Base] | Table,
    rows: Rows,
    *,
    keys: Sequence[str],
    news: Sequence[str] | Mapping[str, Any] | None = None,
    where: ColumnElement[bool] | None = None,
) -> int:
    """Insert, or change the row that holds the same `keys`; answers how many rows were written.

    `news`: the columns that the older row takes from the new one (without it all but the keys), or
    their values by name. `where`: which older rows may be changed at all.
    """
    written = 0
    for some in _portions(rows):
        statement = insert_into(table).values(some)
        names = [name for name in some[0] if name not in keys] if news is None else news
        values = names if isinstance(names, Mapping) else {name: statement.excluded[name] for name in names}
        statement = (
            statement.on_conflict_do_update(index_elements=keys, set_=dict(values), where=where)
            if values
            else statement.on_conflict_do_nothing(index_elements=keys)
        )
        written += _count(statement, table)
    return written


def transition(table: type[Base], from_: Mapping[str, Any], to: Mapping[str, Any]) -> bool:
    """Move one thing from a state to another, if it is in that state still; answers whether it was moved.

    `from_` names the thing and the state it must be in: a value, None, or a collection of values that
    are all good. Of two who try at once one gets True.

        transition(Offer, {"id": offer_id, "state": "open"}, {"state": "accepted", "decided_at": now})
    """
    return transitioned(table, from_, to, *_keys(table)) is not None


def transitioned(
    table: type[Base],
    from_: Mapping[str, Any],
    to: Mapping[str, Any],
    *columns: InstrumentedAttribute[Any],
) -> Row[*tuple[Any, ...]] | None:
    """As `transition`, and answers the `columns` of the thing as it is now; None when it was not moved."""
    if not from_ or not to:
        raise ValueError("a transition needs a thing, a state to come from and one to go to")
    statement = update(table).where(and_(*_conditions(table, from_))).values(**to).returning(*columns)
    found = db.session.execute(statement).all()
    if len(found) > 1:
        raise ValueError(f"{from_} is {len(found)} rows of {_table(table).name}: a transition moves one")
    return found[0] if found else None


def each(dialect: str, name: str, kind: TypeEngine[Any]) -> TableValuedAlias:
    """A whole list as one parameter, as a table whose column is `value`; to be given as `listed(…)`.

    Hundreds of parameters cost more than the query itself, and each number of them is another statement.
    """
    if dialect == "postgresql":
        given = func.unnest(bindparam(name, type_=postgresql.ARRAY(kind)))
        return given.table_valued(column("value", kind)).render_derived()
    return func.json_each(bindparam(name, type_=String())).table_valued(column("value", kind))


def among(dialect: str, column: Any, name: str, kind: TypeEngine[Any]) -> ColumnElement[bool]:
    """A condition: the column is in such a list."""
    if dialect == "postgresql":
        found: ColumnElement[bool] = column == any_(bindparam(name, type_=postgresql.ARRAY(kind)))
    else:
        found = column.in_(select(each(dialect, name, kind).c.value))
    return found


def limited(dialect: str, query: Any, most: Any, only_if: Any) -> Any:
    """At most so many rows, and none unless the condition holds, which needs no row: then nothing is read.

    SQLite looks at a limit before it reads; PostgreSQL at such a condition, and it plans by the limit.
    """
    if dialect == "postgresql":
        return query.where(only_if).limit(most)
    return query.limit(case((only_if, most), else_=0))


def listed(values: Sequence[int] | Sequence[str]) -> list[Any] | str:
    """The list as the database at hand takes it in place of one parameter."""
    return list(values) if db.engine.dialect.name == "postgresql" else json.dumps(list(values))


def is_race(problem: IntegrityError) -> bool:
    """Whether a unique constraint or a foreign key was broken: by somebody who wrote in the same moment."""
    state = getattr(problem.orig, "sqlstate", None) or getattr(problem.orig, "sqlite_errorname", None)
    return state in _RACES


def is_deadlock(problem: BaseException) -> bool:
    """Whether two waited for each other, and the database has ended this one: a second time it goes through."""
    return isinstance(problem, DBAPIError) and getattr(problem.orig, "sqlstate", None) == "40P01"


def _table(table: type[Base] | Table) -> Table:
    if isinstance(table, Table):
        return table
    found = table.__table__
    if not isinstance(found, Table):
        raise TypeError(f"{table} is no table")
    return found


def _keys(table: type[Base]) -> list[InstrumentedAttribute[Any]]:
    return [getattr(table, column.key) for column in _table(table).primary_key]


def _conditions(table: type[Base], from_: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name, value in from_.items():
        column: InstrumentedAttribute[Any] = getattr(table, name)
        if value is None:
            yield column.is_(None)
        elif isinstance(value, Collection) and not isinstance(value, str | bytes):
            yield column.in_(list(value))
        else:
            yield column == value


def _portions(rows: Rows) -> Iterator[list[Mapping[str, Any]]]:
    listed = [rows] if isinstance(rows, Mapping) else list(rows)
    if not listed:
        return
    size = max(1, MAX_VALUES // max(1, len(listed[0])))
    for portion in range(0, len(listed), size):
        yield listed[portion : portion + size]


def _count(statement: Insert, table: type[Base] | Table) -> int:
    # Counted by what comes back: a driver's row count is not to be had beside RETURNING everywhere.
    keys = _table(table).primary_key.columns
    return len(db.session.execute(statement.returning(*keys)).all())
