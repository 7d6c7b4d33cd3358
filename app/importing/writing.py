"""Bulk writes of an import, as Core statements that may be run again."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Column, MetaData, Select, Table, and_, bindparam, case, delete, func, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable, DropTable

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.importing.rules import ItemLine, RatingLine
from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.people.accounts.models import Member
from app.platform.database import db
from app.platform.markup import strip_invisible
from app.trust.vouches.models import Distrust, Vouch

_CROCKFORD = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", b"0123456789abcdefghjkmnpqrstvwxyz")
_CHUNK = 1000  # values in one IN list
_KEPT_FOR_IMPORTS = re.compile(r"u[0-9]+")

Pair = tuple[int, int]
WeightOf = dict[Pair, float]


class MemberIds:
    """Ids of imported members by handle; who is missing is made."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def resolve(self, handles: Collection[str]) -> dict[str, int]:
        """Ids of all but those whose handle belongs to somebody who was not imported."""
        unknown = [handle for handle in handles if handle not in self._ids]
        if unknown:
            self._find(unknown)
            missing = [handle for handle in unknown if handle not in self._ids]
            if missing:
                now = clock.now()
                rows = [
                    {
                        "handle": handle,
                        "name": handle,
                        "fs_uniquifier": secrets.token_hex(32),
                        "joined_at": now,
                    }
                    for handle in missing
                ]
                table = _table(Member)
                _write(_insert(table).on_conflict_do_nothing(), rows)
                self._find(missing)
        return {handle: self._ids[handle] for handle in handles if handle in self._ids}

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

    def resolve(self, external_ids: Collection[str]) -> dict[str, str]:
        """Ids of them all; one that is missing is made, with its external id as the title."""
        unknown = [one for one in external_ids if one not in self._ids]
        if unknown:
            self._find(unknown)
            missing = [ItemLine(one, one, None, None) for one in unknown if one not in self._ids]
            if missing:
                statement = _insert(_table(Item)).on_conflict_do_nothing()
                _write(statement, _item_rows(missing))
                self._find([line.external_id for line in missing])
        return {one: self._ids[one] for one in external_ids}

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
    statement = _insert(table)
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
    _write(statement, rows)


def write_trust(weights: WeightOf) -> None:
    """The trust between pairs; 0 is distrust. A member's own vouch is never overwritten."""
    now = clock.now()
    trusted = [
        {"truster_id": a, "trustee_id": b, "weight": weight, "created_at": now}
        for (a, b), weight in weights.items()
        if weight > 0
    ]
    distrusted = [
        {"truster_id": a, "trustee_id": b, "created_at": now} for (a, b), weight in weights.items() if weight <= 0
    ]
    if trusted:
        table = _table(Vouch)
        statement = _insert(table)
        weight = statement.excluded.weight
        statement = statement.on_conflict_do_update(
            index_elements=["truster_id", "trustee_id"],
            set_={"weight": weight},
            where=and_(table.c.strength.is_(None), table.c.weight.is_distinct_from(weight)),
        )
        _write(statement, trusted)
        if db.session.scalar(select(Distrust.truster_id).limit(1)) is not None:
            _remove(_table(Distrust), trusted)
    if distrusted:
        _write(_insert(_table(Distrust)).on_conflict_do_nothing(), distrusted)
        _remove(_table(Vouch), distrusted, _table(Vouch).c.strength.is_(None))


def write_ratings(lines: Sequence[tuple[int, str, RatingLine]], low: float, high: float) -> None:
    """Ratings of (member id, item id); of those that stand, a changed rating is taken over."""
    now = clock.now()
    rows = []
    for ident, (member_id, item_id, line) in zip(_new_ids(len(lines)), lines, strict=True):
        at = now if line.unix_time is None else datetime.fromtimestamp(line.unix_time, UTC)
        rows.append(
            {
                "id": ident,
                "item_id": item_id,
                "member_id": member_id,
                "stance": line.stance,
                "rating": line.rating,
                "rating_low": low,
                "rating_high": high,
                "created_at": at,
                "updated_at": at,
            }
        )
    if not rows:
        return
    table = _table(Recommendation)
    statement = _insert(table)
    new = statement.excluded
    changing = ("stance", "rating", "rating_low", "rating_high")
    statement = statement.on_conflict_do_update(
        index_elements=["item_id", "member_id"],
        set_={name: new[name] for name in (*changing, "updated_at")},
        where=or_(*(table.c[name].is_distinct_from(new[name]) for name in changing)),
    )
    _write(statement, rows)


def _item_rows(lines: Sequence[ItemLine]) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "id": ident,
            "external_id": line.external_id,
            "kind": "product",
            "title": strip_invisible(line.title).strip(),
            "category": strip_invisible(line.category or ""),
            "description": strip_invisible(line.description or ""),
            "created_at": now,
        }
        for ident, line in zip(_new_ids(len(lines)), lines, strict=True)
    ]


def _new_ids(count: int) -> list[str]:
    """As `new_id()`, many at once: one time, and 16 random letters for each."""
    time = new_id()[:10]
    random = base64.b32hexencode(secrets.token_bytes(10 * count)).translate(_CROCKFORD).decode()
    return [time + random[at : at + 16] for at in range(0, 16 * count, 16)]


def _given(new: Any, old: Any) -> Any:
    return case((new == "", old), else_=new)


def _remove(table: Table, rows: list[dict[str, Any]], *also: Any) -> None:
    pair = and_(table.c.truster_id == bindparam("truster"), table.c.trustee_id == bindparam("trustee"), *also)
    keys = [{"truster": row["truster_id"], "trustee": row["trustee_id"]} for row in rows]
    db.session.connection().execute(delete(table).where(pair), keys)


def _write(statement: Any, rows: list[dict[str, Any]]) -> None:
    """All rows by one statement: SQLAlchemy's work for each row would cost more than the database's."""
    names = list(rows[0])
    take = _copied if db.engine.dialect.name == "postgresql" else _unfolded
    db.session.execute(statement.from_select(names, take(statement.table, names, rows)))


def _unfolded(table: Table, names: list[str], rows: list[dict[str, Any]]) -> Select[Any]:
    """One JSON text that SQLite unfolds itself."""
    convert = [table.c[name].type.dialect_impl(db.engine.dialect).bind_processor(db.engine.dialect) for name in names]
    listed = [
        [row[name] if step is None else step(row[name]) for name, step in zip(names, convert, strict=True)]
        for row in rows
    ]
    each = func.json_each(json.dumps(listed)).table_valued("value")
    columns = [func.json_extract(each.c.value, f"$[{at}]") for at in range(len(names))]
    # Without a WHERE, SQLite takes the ON of ON CONFLICT for one of a join.
    return select(*columns).where(true())


def _copied(table: Table, names: list[str], rows: list[dict[str, Any]]) -> Select[Any]:
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
            copy.write_row([row[name] for name in names])
    cursor.close()
    return select(*columns)


def _insert(table: Table) -> Any:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _table(model: Any) -> Table:
    return cast(Table, model.__table__)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
