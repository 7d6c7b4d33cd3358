"""Bulk writes of an import, as Core statements that may be run again."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Column, MetaData, Select, Table, and_, bindparam, case, delete, func, or_, select
from sqlalchemy.schema import CreateTable, DropTable

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.importing.rules import ItemLine, RatingLine
from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.people.accounts.models import Member
from app.platform.cleaning import strip_invisible
from app.platform.database import db
from app.platform.sql import insert_into
from app.platform.vocabulary.reading import vocabulary
from app.trust.vouches.models import Distrust, Vouch

_LETTERS = b"0123456789abcdefghjkmnpqrstvwxyz" * 8  # one for each byte, all as often
_CHUNK = 1000  # values in one IN list
_KEPT_FOR_IMPORTS = re.compile(r"u[0-9]+")

_ITEM = ("id", "external_id", "kind", "title", "category", "description", "created_at")

# Pages that a large run touches again and again, and how many it writes before they go to the file.
_ROOM = ("cache_size=-200000", "wal_autocheckpoint=50000")

Pair = tuple[int, int]
Row = tuple[Any, ...]
WeightOf = dict[Pair, float]


def nothing_here() -> bool:
    """Whether nobody trusts or has said anything so far: no one waits while a large batch is written."""
    first = (select(Vouch.truster_id).limit(1), select(Recommendation.id).limit(1))
    return all(db.session.execute(one).first() is None for one in first)


@contextmanager
def room_for_many() -> Iterator[None]:
    """SQLite keeps the indexes in memory meanwhile, instead of reading and writing them for each batch."""
    connection = db.session.connection().connection.driver_connection
    if db.engine.dialect.name != "sqlite" or connection is None:
        yield
        return
    before = [(one, connection.execute(f"PRAGMA {one.partition('=')[0]}").fetchone()[0]) for one in _ROOM]
    for one in _ROOM:
        connection.execute(f"PRAGMA {one}")
    try:
        yield
    finally:
        for one, value in before:
            connection.execute(f"PRAGMA {one.partition('=')[0]}={value}")


class MemberIds:
    """Ids of imported members by handle; who is missing is made."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def resolve(self, handles: Collection[str]) -> Mapping[str, int]:
        """Ids of these and others; not of those whose handle belongs to somebody who was not imported."""
        unknown = [handle for handle in handles if handle not in self._ids]
        if unknown:
            self._find(unknown)
            missing = [handle for handle in unknown if handle not in self._ids]
            if missing:
                now = clock.now()
                rows = [(handle, handle, secrets.token_hex(32), now) for handle in missing]
                names = ("handle", "name", "fs_uniquifier", "joined_at")
                _write(insert_into(_table(Member)).on_conflict_do_nothing(), names, rows)
                self._find(missing)
        return self._ids

    def _find(self, handles: Iterable[str]) -> None:
        for part in _chunks(handles):
            query = select(Member.id, Member.handle, Member.email, Member.password).where(Member.handle.in_(part))
            for row in db.session.execute(query):
                own = row.email is None and row.password is None
                if own or _KEPT_FOR_IMPORTS.fullmatch(row.handle):
                    self._ids[row.handle] = row.id


class ItemIds:
    """Ids of items by their external id."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        # Whether two external ids may lead to one item.
        self.merged = False

    def resolve(self, external_ids: Collection[str]) -> Mapping[str, str]:
        """Ids of these and others; one that is missing is made, with its external id as the title."""
        unknown = [one for one in external_ids if one not in self._ids]
        if unknown:
            self._find(unknown)
            missing = [ItemLine(one, one, None, None) for one in unknown if one not in self._ids]
            if missing:
                statement = insert_into(_table(Item)).on_conflict_do_nothing()
                _write(statement, _ITEM, _item_rows(missing))
                self._find([line.external_id for line in missing])
        return self._ids

    def _find(self, external_ids: Iterable[str]) -> None:
        for part in _chunks(external_ids):
            # What is said of an item that was merged is said of the one that took it in.
            stands = func.coalesce(Item.merged_into_id, Item.id).label("stands")
            query = select(stands, Item.id, Item.external_id).where(Item.external_id.in_(part))
            for row in db.session.execute(query):
                self._ids[row.external_id] = row.stands
                self.merged = self.merged or row.stands != row.id


def write_items(lines: Iterable[ItemLine]) -> None:
    """New items; of those that stand, what the file says anew. What it leaves out is kept."""
    rows = _item_rows(list({line.external_id: line for line in lines}.values()))
    if not rows:
        return
    table = _table(Item)
    statement = insert_into(table)
    new = statement.excluded
    kept = {
        # An empty text in the new row means that the file has no such column.
        name: _given(new[name], table.c[name])
        for name in ("category", "description")
    }
    statement = statement.on_conflict_do_update(
        index_elements=["external_id"],
        set_={"title": new.title, **kept},
        where=or_(
            table.c.title.is_distinct_from(new.title),
            *(table.c[name].is_distinct_from(value) for name, value in kept.items()),
        ),
    )
    _write(statement, _ITEM, rows)


def write_trust(weights: WeightOf) -> None:
    """The trust between pairs; 0 is distrust. A member's own vouch is never overwritten."""
    now = clock.now()
    # In the order of the key, neighbours land on one page of the index.
    trusted = [(a, b, weight, now) for (a, b), weight in sorted(weights.items()) if weight > 0]
    distrusted = [(a, b, now) for (a, b), weight in sorted(weights.items()) if weight <= 0]
    if trusted:
        table = _table(Vouch)
        statement = insert_into(table)
        weight = statement.excluded.weight
        statement = statement.on_conflict_do_update(
            index_elements=["truster_id", "trustee_id"],
            set_={"weight": weight},
            where=and_(table.c.strength.is_(None), table.c.weight.is_distinct_from(weight)),
        )
        _write(statement, ("truster_id", "trustee_id", "weight", "created_at"), trusted)
        if db.session.scalar(select(Distrust.truster_id).limit(1)) is not None:
            _remove(_table(Distrust), trusted)
    if distrusted:
        names = ("truster_id", "trustee_id", "created_at")
        _write(insert_into(_table(Distrust)).on_conflict_do_nothing(), names, distrusted)
        _remove(_table(Vouch), distrusted, _table(Vouch).c.strength.is_(None))


def write_ratings(lines: Sequence[tuple[int, str, RatingLine, int | None]], low: float, high: float) -> None:
    """Ratings of (member id, item id), and since when; of those that stand, a changed rating is taken over."""
    if not lines:
        return
    now = clock.now()
    rows = []
    # In the order of the items, of which most indexes are.
    ordered = sorted(lines, key=itemgetter(1, 0))
    for ident, (member_id, item_id, line, since) in zip(_new_ids(len(lines)), ordered, strict=True):
        at = now if line.unix_time is None else _time_of(line.unix_time)
        began = at if since == line.unix_time else now if since is None else _time_of(since)
        rows.append((ident, item_id, member_id, line.stance, line.rating, low, high, began, at))
    table = _table(Recommendation)
    statement = insert_into(table)
    new = statement.excluded
    changing = ("stance", "rating", "rating_low", "rating_high")
    statement = statement.on_conflict_do_update(
        index_elements=["item_id", "member_id"],
        set_={name: new[name] for name in (*changing, "updated_at")},
        where=or_(*(table.c[name].is_distinct_from(new[name]) for name in changing)),
    )
    _write(statement, ("id", "item_id", "member_id", *changing, "created_at", "updated_at"), rows)


@lru_cache(maxsize=1 << 16)
def _time_of(unix_time: int) -> datetime:
    """Ratings of one day, or of one second, share a time."""
    return datetime.fromtimestamp(unix_time, UTC)


def _item_rows(lines: Sequence[ItemLine]) -> list[Row]:
    now = clock.now()
    return [
        (
            ident,
            line.external_id,
            "product",
            strip_invisible(line.title).strip(),
            vocabulary().canonical(strip_invisible(line.category or "")),
            strip_invisible(line.description or ""),
            now,
        )
        for ident, line in zip(_new_ids(len(lines)), lines, strict=True)
    ]


def _new_ids(count: int) -> list[str]:
    """As `new_id()`, many at once and in their order: one time, and 16 random letters for each."""
    time = new_id()[:10]
    random = secrets.token_bytes(16 * count).translate(_LETTERS).decode()
    return sorted(time + random[at : at + 16] for at in range(0, 16 * count, 16))


def _given(new: Any, old: Any) -> Any:
    return case((new == "", old), else_=new)


def _remove(table: Table, rows: list[Row], *also: Any) -> None:
    """Rows begin with truster and trustee."""
    pair = and_(table.c.truster_id == bindparam("truster"), table.c.trustee_id == bindparam("trustee"), *also)
    keys = [{"truster": row[0], "trustee": row[1]} for row in rows]
    db.session.connection().execute(delete(table).where(pair), keys)


def _write(statement: Any, names: Sequence[str], rows: list[Row]) -> None:
    """All rows by one statement: SQLAlchemy's work for each row would cost more than the database's."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(statement.from_select(list(names), _copied(statement.table, names, rows)))
    else:
        _handed_over(statement, names, rows)


def _handed_over(statement: Any, names: Sequence[str], rows: list[Row]) -> None:
    """Plain tuples for SQLite's own loop; what columns are without a word about them stands behind."""
    table: Table = statement.table
    dialect = db.engine.dialect
    constants = {
        column.name: column.default.arg  # type: ignore[attr-defined] # of a default that is a plain value
        for column in table.columns
        if column.default is not None and column.default.is_scalar and column.name not in names
    }
    every = [*names, *constants]
    compiled = statement.values({name: bindparam(name) for name in every}).compile(dialect=dialect)
    # Plain values in the statement itself, such as the empty text that it compares with.
    said = {name: compiled.params[name] for name in compiled.positiontup if name not in every}
    places = {name: at for at, name in enumerate([*every, *said])}
    order = [places[name] for name in compiled.positiontup]
    convert = {
        places[name]: step
        for name in every
        if (step := table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    # Column by column: a loop over the rows would cost more than writing them.
    columns: list[Iterable[Any]] = [
        *zip(*rows, strict=True),
        *map(repeat, constants.values()),
        *map(repeat, said.values()),
    ]
    for place, step in convert.items():
        values = columns[place]
        if isinstance(values, repeat):
            columns[place] = repeat(step(next(values)))
        else:
            known = {value: step(value) for value in set(values)}  # most times are one time
            columns[place] = map(known.__getitem__, values)
    given = list(zip(*(columns[place] for place in order), strict=False))
    db.session.connection().exec_driver_sql(str(compiled), given)


def _copied(table: Table, names: Sequence[str], rows: list[Row]) -> Select[Any]:
    """COPY into a table of this transaction: several times faster than rows one by one."""
    columns = [Column(name, table.c[name].type) for name in names]
    heap = Table(f"import_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    connection = db.session.connection()
    connection.execute(DropTable(heap, if_exists=True))
    connection.execute(CreateTable(heap))
    cursor: Any = connection.connection.cursor()
    listed = ", ".join(names)  # columns of our own models
    with cursor.copy(f"COPY pg_temp.{heap.name} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()
    return select(*columns)


def _table(model: Any) -> Table:
    return cast(Table, model.__table__)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
