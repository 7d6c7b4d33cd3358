"""Full-text search with one interface on SQLite (FTS5) and PostgreSQL (GIN over tsvector).

The tokens are made by `search_words` and stored in `search_document`. SQLite mirrors them into an
FTS5 table by triggers, PostgreSQL indexes them by an expression, so writing is plain rows on both.
Newest first is the order of the ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    cast,
    column,
    delete,
    event,
    func,
    insert,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import BigId, Model, UtcDateTime, db
from app.platform.search_words import Question, document_tokens, question

# The FTS5 table and what FTS5 keeps its index in; no migration may touch these.
SHADOW_TABLES: Final = frozenset(
    {"search_fts", *(f"search_fts_{part}" for part in ("data", "idx", "docsize", "config", "content"))}
)
GIN_INDEX: Final = "search_document_tokens_gin"
_BATCH = 500

# The ascii tokenizer takes every letter beyond ASCII as part of a word: the words are made already.
_FTS5 = """
CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5(
    tokens, content='search_document', content_rowid='id',
    tokenize='ascii', prefix='2 3', detail='none', columnsize=0
)"""
_ADDED = """
CREATE TRIGGER IF NOT EXISTS search_document_added AFTER INSERT ON search_document BEGIN
    INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens);
END"""
_GONE = """
CREATE TRIGGER IF NOT EXISTS search_document_gone AFTER DELETE ON search_document BEGIN
    INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
END"""
_CHANGED = """
CREATE TRIGGER IF NOT EXISTS search_document_changed AFTER UPDATE OF tokens ON search_document BEGIN
    INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens);
END"""
# array_to_tsvector takes the tokens as they are; to_tsvector would cut them anew. Without fastupdate
# no search has to read through a list of what was added lately.
_GIN = """
CREATE INDEX IF NOT EXISTS search_document_tokens_gin ON search_document
USING gin (array_to_tsvector(string_to_array(tokens, ' '))) WITH (fastupdate = off)"""


class SearchDocument(Model):
    """What one thing can be found by."""

    __tablename__ = "search_document"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(40))
    tokens: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("kind", "ref"),)


@dataclass(frozen=True, slots=True)
class Document:
    """A thing as the index takes it: `title` is found by word endings too, `body` by words."""

    kind: str
    ref: str
    title: str
    body: str
    at: datetime


def create_search_tables(connection: Connection) -> None:
    """What no model can say: the FTS5 table with its triggers, or the GIN index. Safe to repeat."""
    lite = connection.dialect.name == "sqlite"
    for statement in (_FTS5, _ADDED, _GONE, _CHANGED) if lite else (_GIN,):
        connection.exec_driver_sql(statement)


def is_search_table(name: str) -> bool:
    """Tables of FTS5's own, which no model describes."""
    return name.startswith("search_fts")


@event.listens_for(SearchDocument.__table__, "after_create")
def _after_create(_target: Table, connection: Connection, **_options: Any) -> None:
    create_search_tables(connection)


@event.listens_for(SearchDocument.__table__, "before_drop")
def _before_drop(_target: Table, connection: Connection, **_options: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_fts")


def put(documents: Iterable[Document]) -> None:
    """Add or replace, inside the caller's unit of work."""
    upsert = upsert_sqlite if _is_sqlite() else upsert_postgresql
    statement = upsert(SearchDocument)
    statement = statement.on_conflict_do_update(
        index_elements=[SearchDocument.kind, SearchDocument.ref],
        set_={"tokens": statement.excluded.tokens, "at": statement.excluded.at},
    )
    rows = [_row(document) for document in documents]
    if rows:
        db.session.execute(statement, rows)


def remove(kind: str, refs: Iterable[str]) -> None:
    """Take out what cannot be found any more, inside the caller's unit of work."""
    db.session.execute(
        delete(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.ref.in_(list(refs)))
    )


def clear() -> None:
    """Forget everything, inside the caller's unit of work; a rebuild begins with it."""
    db.session.execute(delete(SearchDocument))


def add_new(documents: Iterable[Document]) -> int:
    """Bulk insert behind `clear`, oldest first; answers how many."""
    done = 0
    batch: list[dict[str, object]] = []
    for document in documents:
        batch.append(_row(document))
        if len(batch) == _BATCH:
            done += _insert(batch)
    return done + _insert(batch)


def _insert(batch: list[dict[str, object]]) -> int:
    count = len(batch)
    if batch:
        db.session.execute(insert(SearchDocument), batch)
        batch.clear()
    return count


def _row(document: Document) -> dict[str, object]:
    tokens = document_tokens(document.title, document.body)
    return {"kind": document.kind, "ref": document.ref, "tokens": tokens, "at": document.at}


def matching(kind: str, typed: str) -> Select[str] | None:
    """The refs of this kind that the words find, for `IN (…)`; None when nothing was asked."""
    asked = question(typed)
    if not asked:
        return None
    if _is_sqlite():
        return _search(asked, SearchDocument.ref).where(SearchDocument.kind == kind)
    finds = _search(asked, SearchDocument.kind, SearchDocument.ref).cte("matching")
    finds = finds.prefix_with("MATERIALIZED")
    return select(finds.c.ref).where(finds.c.kind == kind)


def find(kind: str, typed: str, *, limit: int, before: int | None = None) -> Sequence[tuple[int, str]]:
    """(position, ref) of the newest finds; go on with `before` the last position."""
    asked = question(typed)
    if not asked:
        return []
    if _is_sqlite():
        # Ordered by its own rowid FTS5 stops after the page instead of sorting every find.
        place: Any = _fts.c.rowid
        query = _search(asked, place.label("place"), SearchDocument.ref).where(SearchDocument.kind == kind)
    else:
        # Without the fence the planner may walk the ids or the kind and look into every document.
        found = _search(asked, SearchDocument.id, SearchDocument.kind, SearchDocument.ref)
        finds = found.cte("finds").prefix_with("MATERIALIZED")
        place = finds.c.id
        query = select(place.label("place"), finds.c.ref).where(finds.c.kind == kind)
    if before is not None:
        query = query.where(place < before)
    rows = db.session.execute(query.order_by(place.desc()).limit(limit))
    return [(row.place, row.ref) for row in rows]


def counts(typed: str, *, most: int = 1000) -> dict[str, int]:
    """How much of each kind the words find, counted up to `most` in all."""
    asked = question(typed)
    if not asked:
        return {}
    some = _search(asked, SearchDocument.kind).limit(most).subquery()
    rows = db.session.execute(select(some.c.kind, func.count()).group_by(some.c.kind))
    return {row[0]: row[1] for row in rows}


_fts = table("search_fts", column("rowid", BigId), column("search_fts", Text))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _search(asked: Question, *columns: Any) -> Select[Any]:
    if _is_sqlite():
        terms = [f'"{token}"' for token in asked.whole] + [f'"{token}"*' for token in asked.beginnings]
        return (
            select(*columns)
            .select_from(_fts.join(SearchDocument, SearchDocument.id == _fts.c.rowid))
            .where(_fts.c.search_fts.op("MATCH")(" AND ".join(terms)))
        )
    terms = [f"'{token}'" for token in asked.whole] + [f"'{token}':*" for token in asked.beginnings]
    vector = func.array_to_tsvector(func.string_to_array(SearchDocument.tokens, text("' '")))
    return select(*columns).where(vector.op("@@")(cast(literal(" & ".join(terms)), TSQUERY)))
