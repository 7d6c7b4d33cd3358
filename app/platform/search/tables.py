"""The tables behind the search: plain rows, and what each database makes of their tokens.

SQLite mirrors the tokens into an FTS5 table by triggers, PostgreSQL indexes them by an expression,
so writing is plain rows on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Index, String, Table, Text, UniqueConstraint, event, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import MemberId
from app.platform.database import BigId, Model, UtcDateTime

TITLE_LENGTH = 120

# The FTS5 table and what FTS5 keeps its index in; no migration may touch these.
SHADOW_TABLES: Final = frozenset(
    {"search_fts", *(f"search_fts_{part}" for part in ("data", "idx", "docsize", "config", "content"))}
)
GIN_INDEX: Final = "search_document_tokens_gin"
# A beginning that has an index of its own is one list to walk; others are merged first, each time.
# The ascii tokenizer takes every letter beyond ASCII as part of a word: the words are made already.
_FTS5 = """
CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5(
    tokens, content='search_document', content_rowid='id',
    tokenize='ascii', prefix='2 3 4 5 6 7 8', detail='none', columnsize=0
)"""
_ADDED = """
CREATE TRIGGER IF NOT EXISTS search_document_added AFTER INSERT ON search_document BEGIN
    INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens);
END"""
_ADDED_SINCE = """
INSERT INTO search_fts(rowid, tokens) SELECT id, tokens FROM search_document WHERE id > ? ORDER BY id"""
_GONE = """
CREATE TRIGGER IF NOT EXISTS search_document_gone AFTER DELETE ON search_document BEGIN
    INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
END"""
_CHANGED = """
CREATE TRIGGER IF NOT EXISTS search_document_changed AFTER UPDATE OF tokens ON search_document BEGIN
    INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens);
END"""
# array_to_tsvector takes the tokens as they are; to_tsvector would cut them anew. In a function of its
# own it has its true price: else the planner reads every document and makes its vector each time.
# Without fastupdate no search has to read through a list of what was added lately.
_VECTOR = """
CREATE OR REPLACE FUNCTION search_vector(tokens text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 2000
AS $$ BEGIN RETURN array_to_tsvector(string_to_array(tokens, ' ')); END $$"""
_GIN = """
CREATE INDEX IF NOT EXISTS search_document_tokens_gin ON search_document
USING gin (search_vector(tokens)) WITH (fastupdate = off)"""


class SearchDocument(Model):
    """What one thing can be found by."""

    __tablename__ = "search_document"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(40))
    tokens: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What ranks and filters a find, so that no page must read the thing itself for it.
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), server_default="")
    owner_id: Mapped[MemberId | None] = mapped_column(index=True)
    # In minor units of the currency; 0 without a currency is free in any.
    price_minor: Mapped[int | None] = mapped_column(BigId)
    currency: Mapped[str | None] = mapped_column(String(3))
    # Its owner is suspended until then: it is there, but is not found.
    hidden_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index(
            "ix_search_document_hidden_until",
            "hidden_until",
            sqlite_where=text("hidden_until IS NOT NULL"),
            postgresql_where=text("hidden_until IS NOT NULL"),
        ),
    )


class SearchState(Model):
    """By which folding the documents were made; one row. `claimed_at`: somebody makes them anew."""

    __tablename__ = "search_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folding: Mapped[str] = mapped_column(String(80))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def create_search_tables(connection: Connection) -> None:
    """What no model can say: the FTS5 table with its triggers, or the GIN index. Safe to repeat."""
    lite = connection.dialect.name == "sqlite"
    for statement in (_FTS5, _ADDED, _GONE, _CHANGED) if lite else (_VECTOR, _GIN):
        connection.exec_driver_sql(statement)


@contextmanager
def mirrored_at_once(connection: Connection) -> Iterator[None]:
    """Rows added meanwhile reach FTS5 by one statement: by the trigger each costs three times as much.

    Inside a write transaction, which an error ends: it brings the trigger back.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    last = connection.execute(select(func.coalesce(func.max(SearchDocument.id), 0))).scalar_one()
    connection.exec_driver_sql("DROP TRIGGER search_document_added")
    yield
    connection.exec_driver_sql(_ADDED_SINCE, (last,))
    connection.exec_driver_sql(_ADDED)


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
