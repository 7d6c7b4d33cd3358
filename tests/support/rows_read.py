"""How much a piece of work has the database read: what grows with the tables and no count of statements shows.

    town = build_town(Sizes().scaled(0.02))
    with reads() as found:
        client.get("/market")
    assert not found.scanned & {"listing", "member"}, found
    assert found.amount <= MAX_READ[database_kind], found

On PostgreSQL an amount is rows, as `EXPLAIN (ANALYZE)` counts them: those of every scan, the filtered
ones among them. SQLite counts no rows, but the steps of its virtual machine, a handful for each row;
they are the same on every machine. Each statement is explained just before it runs, with its own
parameters; writes are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import event

from app.platform.database import db

_READ: Final = ("SELECT", "WITH")
_EACH: Final = 50  # steps between two calls of the counter
_SHOWN: Final = 1500  # letters of a statement, where one is shown
_LINES: Final = 60  # and of its plan
_SCAN: Final = re.compile(r"^SCAN (?:TABLE )?(\w+)(?! USING| VIRTUAL)\b")
_ALIAS: Final = re.compile(r"_\d+$")


@dataclass(slots=True)
class Reading:
    """One statement and what it read."""

    statement: str
    plan: list[str] = field(default_factory=list)
    scanned: set[str] = field(default_factory=set)  # tables gone through as they lie, without an index
    rows: Counter[str] = field(default_factory=Counter)  # by table; PostgreSQL only
    steps: int = 0  # SQLite only

    @property
    def amount(self) -> int:
        return self.steps or self.rows.total()

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.amount} read, scanned: {self.scanned or 'nothing'}", self.statement[:_SHOWN], *self.plan[:_LINES]]
        )


class Readings(list[Reading]):
    """All of them, in order."""

    @property
    def amount(self) -> int:
        return sum(one.amount for one in self)

    @property
    def scanned(self) -> set[str]:
        return set().union(*(one.scanned for one in self))

    @property
    def rows(self) -> Counter[str]:
        """By table; PostgreSQL only."""
        return sum((one.rows for one in self), Counter())

    def __str__(self) -> str:
        worst = sorted(self, key=lambda one: -one.amount)
        return "\n\n".join([f"{self.amount} read by {len(self)} statements", *map(str, worst[:3])])

    __repr__ = __str__


@contextmanager
def reads() -> Iterator[Readings]:
    """What the statements sent meanwhile have read."""
    found = Readings()
    counted: list[Any] = []

    def explain(connection: Any, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        raw = connection.connection.dbapi_connection
        one = Reading(statement)
        if statement.lstrip().upper().startswith(_READ):
            explained = _explain_sqlite if connection.dialect.name == "sqlite" else _explain_postgres
            explained(raw, one, parameters)
            found.append(one)
        if connection.dialect.name == "sqlite":
            # Rows come while they are fetched: all steps up to the next statement are this one's.
            raw.set_progress_handler(lambda: _step(one), _EACH)
            counted.append(raw)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)
        for raw in counted:
            raw.set_progress_handler(None, 0)


def _step(one: Reading) -> int:
    one.steps += _EACH
    return 0


def _explain_sqlite(raw: Any, one: Reading, parameters: Any) -> None:
    raw.set_progress_handler(None, 0)
    cursor = raw.cursor()
    cursor.execute(f"EXPLAIN QUERY PLAN {one.statement}", parameters)
    one.plan = [str(row[3]) for row in cursor.fetchall()]
    cursor.close()
    walked = {_ALIAS.sub("", match[1]) for line in one.plan if (match := _SCAN.match(line))}
    # Not what SQLite puts together on the way.
    one.scanned = walked & set(db.metadata.tables)


def _explain_postgres(raw: Any, one: Reading, parameters: Any) -> None:
    with raw.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {one.statement}", parameters)
        [[[found]]] = cursor.fetchall()
    _walk(found["Plan"], one, 0)


def _walk(node: dict[str, Any], one: Reading, depth: int) -> None:
    loops = node.get("Actual Loops", 1)
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    rows = round((node.get("Actual Rows", 0) + removed) * loops)
    table = node.get("Relation Name")
    one.plan.append(f"{'  ' * depth}{node['Node Type']} {node.get('Index Name') or table or ''}: {rows}".rstrip())
    if table is not None:
        one.rows[table] += rows
        if node["Node Type"] == "Seq Scan":
            one.scanned.add(table)
    for inner in node.get("Plans", ()):
        _walk(inner, one, depth + 1)
