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
    """Asks with the named values that are given; what the statement says itself never changes."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled = lru_cache(maxsize=4)(self._compile)

    def rows(self, **given: Any) -> list[Any]:
        """Named tuples, of the same types as the session gives."""
        found = self._compiled(db.engine.dialect.name)
        answer = db.session.connection().exec_driver_sql(found.sql, found.values(given))
        rows: list[Any] = [found.row(one) for one in answer]
        return rows

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
        convert = self._compiled(db.engine.dialect.name).readers[name]
        return convert if convert is not None else _as_it_is

    def _compile(self, _dialect: str) -> _Compiled:
        return _Compiled(self._statement, db.engine.dialect)


class _Compiled:
    def __init__(self, statement: Statement, dialect: Dialect) -> None:
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
        make = namedtuple("Row", [one.key for one in columns])  # type: ignore[misc] # noqa: PYI024 - its names are those of the statement
        readers = [one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns]
        self.row: Convert = _reader(make, readers)
        self.readers = {one.key: reader for one, reader in zip(columns, readers, strict=True)}

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
        return make._make  # type: ignore[no-any-return]

    def read(row: Any) -> Any:
        values = list(row)
        for place, reader in converted:
            values[place] = reader(values[place])
        return make(*values)

    return read
