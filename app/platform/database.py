"""The database and the one way to write to it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Result,
    String,
    Table,
    TypeDecorator,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.events import Event
from app.kernel.ids import (
    AccountId,
    ActionId,
    DecisionId,
    EventId,
    HoldId,
    MemberId,
    PaymentId,
    PayoutRunId,
    PostingId,
    ReportId,
    RingId,
    RunId,
    TownId,
)
from app.platform.settings import Settings
from app.platform.slots import Slot

WRITE = "kin_write"
# In the `info` of a table or column: it lets somebody in, and no backup holds it.
LETS_IN = "lets_in"
_ASIDE = "kin_engine_aside"
# One number for all processes: whoever appends to the event log holds this lock until the commit.
EVENT_LOG_LOCK = 0x6B696E01

BigId = BigInteger().with_variant(Integer, "sqlite")
# None is SQL's NULL, never JSON's: what is not there is found by `IS NULL`.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can speak of it on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# Columns of ids are those of what an id is made of.
Base.registry.update_type_annotation_map(
    {
        MemberId: Integer(),
        RunId: Integer(),
        TownId: Integer(),
        EventId: BigId,
        **dict.fromkeys((ActionId, AccountId, PostingId, HoldId), BigId),
        **{one: String(26) for one in (ReportId, DecisionId, RingId, PaymentId, PayoutRunId)},
    }
)

db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def engine_options(settings: Settings) -> dict[str, object]:
    """How SQLAlchemy connects; a pool for the threads of one process."""
    # What a statement carries (words, addresses, digests) has no place in an error's text.
    common: dict[str, object] = {"hide_parameters": True}
    if settings.sqlite:
        return {**common, "connect_args": {"check_same_thread": False, "timeout": 15}}
    return {
        **common,
        "pool_size": 20,
        "max_overflow": 20,
        "pool_pre_ping": True,
        # Whoever waits longer has gone elsewhere meanwhile.
        "pool_timeout": 10,
        "connect_args": {"connect_timeout": 5},
    }


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on both databases; SQLite stores it without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EventRow(Model):
    """One thing that happened. Ids grow in the order of the commits, see `_append`."""

    __tablename__ = "event_log"

    id: Mapped[EventId] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


_APPEND = cast(Table, EventRow.__table__).insert()


class Hint(NamedTuple):
    """What a realtime room is told after a commit."""

    room: str | tuple[str, ...]
    name: str
    payload: dict[str, Any]
    but: tuple[str, ...] = ()  # rooms: whoever is in one of these is not told


@dataclass(slots=True)
class UnitOfWork:
    """What a use case leaves behind beside its rows."""

    events: list[Event] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    def record(self, happened: Event) -> None:
        """Write the event with the same commit as the rows."""
        self.events.append(happened)

    def hint(self, room: str | tuple[str, ...], name: str, payload: dict[str, Any], *, but: Sequence[str] = ()) -> None:
        """Tell a realtime room, or several, after the commit, without whoever is in the rooms `but`; may be lost."""
        self.hints.append(Hint(room, name, payload, tuple(but)))


_current: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)
# SQLite has one writer. Waiting here lets other greenlets of this process run meanwhile, where
# waiting inside SQLite would stop the writer that is waited for.
_sqlite_writer = threading.Lock()
_BEFORE_WRITE: Slot[list[Any]] = Slot("before_write", list)
_AFTER_COMMIT: Slot[list[Any]] = Slot("after_commit", list)


def before_write(app: Flask, listener: Any) -> None:
    """Call `listener(unit)` at the beginning of each write transaction, inside it; it may refuse by raising."""
    _BEFORE_WRITE.on(app).append(listener)


def after_commit(app: Flask, listener: Any) -> None:
    """Call `listener(unit)` after each commit of a unit of work (the composition root does)."""
    _AFTER_COMMIT.on(app).append(listener)


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """One write transaction: rows and events together, or nothing.

    An inner call joins the outer one. What was read before is read again inside.
    """
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a unit of work")
    session.rollback()
    engine = db.engine
    guard = _sqlite_writer if engine.dialect.name == "sqlite" else None
    unit = UnitOfWork()
    token = _current.set(unit)
    if guard:
        guard.acquire()
    try:
        session.connection(execution_options={WRITE: True})
        for listener in _BEFORE_WRITE.here():
            listener(unit)
        yield unit
        session.flush()
        _append(unit.events)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        if guard:
            guard.release()
        _current.reset(token)
    for listener in _AFTER_COMMIT.here():
        listener(unit)


def rows_changed(result: Result[Any]) -> int:
    """How many rows an UPDATE, DELETE or INSERT touched."""
    return cast("CursorResult[Any]", result).rowcount


def in_unit_of_work() -> bool:
    """Whether a write transaction of this context is open."""
    return _current.get() is not None


def let_go() -> None:
    """Give the connection back before waiting for something that is no database; what was read is read again."""
    if in_unit_of_work():
        raise RuntimeError("nobody is waited for inside a unit of work")
    if db.session.registry.has():
        db.session.rollback()


@contextmanager
def aside() -> Iterator[Connection]:
    """A connection beside the one that a unit of work holds, to see what stands.

    From a pool of its own: whoever holds one of these waits for no other, so they always come back. Out of
    the same pool all who write could each hold one and wait for a second.
    """
    engine = db.engine
    if engine.dialect.name == "postgresql":
        kept = current_app.extensions
        if _ASIDE not in kept:
            kept[_ASIDE] = create_engine(engine.url, pool_size=4, max_overflow=4, pool_pre_ping=True)
        engine = kept[_ASIDE]
    with engine.connect() as connection:
        yield connection


def _append(events: list[Event]) -> None:
    """PostgreSQL gives ids out before the commit; the lock makes them follow the commits."""
    if not events:
        return
    one_at_a_time(EVENT_LOG_LOCK)
    at = clock.now()
    db.session.execute(
        _APPEND,
        [{"name": one.name, "payload": one.payload(), "at": at} for one in events],
    )


def one_at_a_time(lock: int) -> None:
    """Wait until nobody else holds this lock, and hold it until the end of the transaction.

    SQLite has one writer anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def head() -> EventId:
    """The id of the newest event, 0 when there is none."""
    found = db.session.execute(select(EventRow.id).order_by(EventRow.id.desc()).limit(1)).scalar()
    return found or EventId(0)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver must not begin transactions on its own: `_begin_sqlite` decides which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "temp_store=MEMORY",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
