"""A statement that every page sends, compiled once with its constants filled in.

SQLAlchemy keeps compiled statements too, but puts all values together anew each time; the frame's
numbers have hundreds of them, of which two change.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Dialect, Select

from app.platform.database import db

Convert = Callable[[Any], Any]
Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


class Prepared:
    """Asks with the named values that are given; what the statement says itself never changes.

    `make`: the rows' class, whose fields are those of the statement in their order; without it a named
    tuple of the columns' names.
    """

    def __init__(self, statement: Statement, make: Callable[..., Any] | None = None) -> None:
        self._statement = statement
        self._make = make
        self._compiled = lru_cache(maxsize=4)(self._compile)

    def rows(self, **given: Any) -> list[Any]:
        """Named tuples, of the same types as the session gives."""
        unread, read = self.unread(**given)
        return [read(one) for one in unread]

    def unread(self, **given: Any) -> tuple[Sequence[Any], Convert]:
        """Rows as the driver gives them, and what reads one: for whoever sorts out most of them.

        Values of one column can be compared with each other, but are not all of their type.
        """
        found = self._compiled(db.engine.dialect.name)
        answer = db.session.connection().exec_driver_sql(found.sql, found.values(given))
        read = found.reader(answer.cursor)
        return answer.all(), read

    def tuples(self, **given: Any) -> Sequence[tuple[Any, ...]]:
        """Plain tuples of what the driver gives: for hundreds of rows, few of which are looked at closely."""
        found = self._compiled(db.engine.dialect.name)
        answer = db.session.connection().exec_driver_sql(found.sql, found.values(given))
        # The driver's own cursor: a row of SQLAlchemy's costs more than its content.
        rows: Sequence[tuple[Any, ...]] = answer.cursor.fetchall()
        answer.close()
        return rows

    def reader(self, name: str) -> Convert:
        """What makes a value of this column, out of `tuples`, one of its type."""
        convert = self._compiled(db.engine.dialect.name).column_reader(name)
        return convert if convert is not None else _as_it_is

    def _compile(self, _dialect: str) -> _Compiled:
        return _Compiled(self._statement, db.engine.dialect, self._make)


class _Compiled:
    def __init__(self, statement: Statement, dialect: Dialect, make: Callable[..., Any] | None) -> None:
        compiled = statement.compile(dialect=dialect)
        binds = compiled.binds
        needed = {name: None for name, bind in binds.items() if bind.required}
        state = compiled.construct_expanded_state(needed)
        self.sql = state.statement
        self._names = state.positiontup
        self._given: dict[str, Convert | None] = {}
        self._asked: dict[str, tuple[Callable[[], Any], Convert | None]] = {}
        self._constant: dict[str, Any] = {}
        for name, value in state.parameters.items():
            bind = binds.get(name)
            # What an IN was expanded to has its own names, and the converters of the list.
            convert: Any = state.processors.get(name)
            if bind is not None:
                convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind is not None and bind.callable is not None:
                self._asked[name] = (bind.callable, convert)
            elif name in needed:
                self._given[name] = convert
            else:
                self._constant[name] = convert(value) if convert else value
        columns = list(statement.selected_columns)
        self._make = make or namedtuple("Row", [one.key for one in columns])  # type: ignore[misc] # noqa: PYI024 - its names are those of the statement
        self._types = [one.type.dialect_impl(dialect) for one in columns]
        self._keys = [one.key for one in columns]
        self._dialect = dialect
        self._read: Convert | None = None

    def reader(self, cursor: Any) -> Convert:
        """What makes a row of what the cursor gives; how to read a column may depend on its type there."""
        if self._read is None:
            told = [column[1] for column in cursor.description]
            self._read = _reader(
                self._make,
                [one.result_processor(self._dialect, code) for one, code in zip(self._types, told, strict=True)],
            )
        return self._read

    def column_reader(self, name: str) -> Convert | None:
        """What makes a value of one column one of its type, where that does not depend on the cursor."""
        found: Convert | None = self._types[self._keys.index(name)].result_processor(self._dialect, None)
        return found

    def values(self, given: dict[str, Any]) -> Any:
        """As the driver takes them."""
        changing = {name: convert(given[name]) if convert else given[name] for name, convert in self._given.items()}
        for name, (ask, convert) in self._asked.items():
            changing[name] = convert(ask()) if convert else ask()
        every = {**self._constant, **changing}
        return every if self._names is None else tuple([every[name] for name in self._names])


def _as_it_is(value: Any) -> Any:
    return value


def _reader(make: Any, readers: Sequence[Convert | None]) -> Convert:
    converted = [(place, reader) for place, reader in enumerate(readers) if reader is not None]
    if not converted:
        return lambda row: make(*row)

    def read(row: Any) -> Any:
        values = list(row)
        for place, reader in converted:
            values[place] = reader(values[place])
        return make(*values)

    return read
