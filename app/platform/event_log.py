"""Reading the event log: tails in each process, reactions once for the installation."""

from __future__ import annotations

import itertools
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, cast

import structlog
from flask import Flask
from sqlalchemy import Row, Select, Table, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.events import Event, UnreadableEvent
from app.kernel.ids import EventId
from app.platform.database import (
    BigId,
    EventRow,
    Json,
    Model,
    UtcDateTime,
    db,
    head,
    rows_changed,
    unit_of_work,
)
from app.platform.slots import Slot
from app.platform.sql import insert_or_ignore

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BATCH = 200
TOGETHER = 100  # events in one transaction, of a reaction that handles several at once
MAX_TRIES = 6
OWNER = f"{os.getpid()}-{secrets.token_hex(4)}"

Handler = Callable[[Event, EventId], None]
HandleAll = Callable[[Sequence[tuple[Event, EventId]]], None]
Entry = Row[EventId, str, Any, datetime]


@dataclass(frozen=True, slots=True)
class Logged:
    """An event with its place in the log."""

    id: int
    event: Event
    at: datetime


class SubscriberRow(Model):
    """How far a reaction has come, and who runs it now."""

    __tablename__ = "event_subscriber"

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigId, default=0)
    tries: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The events it hears, each with the place in the log behind which it does.
    heard: Mapped[dict[str, int] | None] = mapped_column(Json)


class ParkedRow(Model):
    """An event that a reaction could not digest; the operator sees it."""

    __tablename__ = "event_parked"

    subscriber: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[EventId] = mapped_column(BigId, primary_key=True)
    error: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Dropped ones stay on record, with the operator's reason.
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str | None]


class Start(Enum):
    """Where a reaction begins that an installation has not had so far."""

    # What follows is news, and what happened before the upgrade is none any more.
    HEAD = "head"
    # What follows is a state that is made of all that has ever happened.
    BEGINNING = "beginning"


@dataclass(frozen=True, slots=True)
class Reaction:
    """A durable listener: `handle(event, event_id)` runs inside one unit of work, idempotent."""

    name: str
    listens_to: tuple[str, ...]
    handle: Handler
    starts: Start
    # Whether there is anything to do about an event: passing over it costs no transaction.
    concerns: Callable[[Event], bool]
    # The same for many that follow each other, in one unit of work; where it fails, each is handled alone.
    handle_all: HandleAll | None = None


_REACTIONS: Slot[dict[str, Reaction]] = Slot("reactions", dict)
# Up to where this process knows that nothing waits for a reaction: leases cost writes.
_LOOKED: Slot[dict[str, int]] = Slot("reactions_looked", dict)
wake = threading.Event()


_cursor = cast(Table, SubscriberRow.__table__)
_MOVE = (
    update(_cursor)
    .where(_cursor.c.name == bindparam("reaction"), _cursor.c.lease_owner == bindparam("owner"))
    .values(position=bindparam("place"), tries=0, retry_at=None, lease_until=bindparam("until"))
)


def register_reaction(
    app: Flask,
    name: str,
    listens_to: Iterable[type[Event]],
    handle: Handler,
    *,
    starts: Start,
    concerns: Callable[[Event], bool] | None = None,
    handle_all: HandleAll | None = None,
) -> None:
    """Assembly does, for each module of `app.reactions`; the same name again replaces."""
    heard = tuple(kind.__name__ for kind in listens_to)
    concerns = concerns or (lambda _event: True)
    _REACTIONS.on(app)[name] = Reaction(name, heard, handle, starts, concerns, handle_all)


def reactions() -> dict[str, Reaction]:
    """What is registered, by name."""
    return dict(_REACTIONS.here())


def read_after(position: int, names: Iterable[str] | None = None, limit: int = 1000) -> list[Logged]:
    """Events behind `position` in the order of their commits; what cannot be read is passed over, loudly."""
    found = []
    for row in db.session.execute(_stored(position, names, limit)):
        if row.name in Event.registry:
            try:
                found.append(Logged(row.id, Event.load(row.name, row.payload), row.at))
            except UnreadableEvent as problem:
                log.warning("event_unreadable", event_id=row.id, problem=str(problem))
    return found


def _stored(position: int, names: Iterable[str] | None, limit: int) -> Select[EventId, str, Any, datetime]:
    query = select(EventRow.id, EventRow.name, EventRow.payload, EventRow.at)
    query = query.where(EventRow.id > position).order_by(EventRow.id).limit(limit)
    return query if names is None else query.where(EventRow.name.in_(list(names)))


def place_cursors() -> None:
    """Give every reaction that is new here its start, after an upgrade and before anything runs.

    So it is for events that a reaction has not listened to so far.
    """
    with unit_of_work():
        end = head()
        rows = {row.name: row for row in db.session.scalars(select(SubscriberRow))}
        for reaction in reactions().values():
            row = rows.get(reaction.name)
            if row is None:
                insert_or_ignore(SubscriberRow, _fresh(reaction, end))
            elif row.heard is None or set(row.heard) != set(reaction.listens_to):
                since = 0 if row.heard is None else _start(reaction, end)
                row.heard = {name: (row.heard or {}).get(name, since) for name in reaction.listens_to}


def _fresh(reaction: Reaction, end: int) -> dict[str, Any]:
    start = _start(reaction, end)
    return {"name": reaction.name, "position": start, "tries": 0, "heard": dict.fromkeys(reaction.listens_to, start)}


def _start(reaction: Reaction, end: int) -> int:
    return end if reaction.starts is Start.HEAD else 0


def run_reactions() -> int:
    """Let every reaction catch up as far as it can; answers how many events were handled."""
    handled = 0
    newest = head()
    looked = _LOOKED.here()
    taken = _take_leases(_with_news(looked))
    since = clock.now()
    passed: dict[str, int] = {}
    try:
        for reaction in taken:
            if clock.now() - since > LEASE / 2 and not _take_leases([reaction]):
                continue  # the others took long, and another process was quicker
            count, done, passed[reaction.name] = _catch_up(reaction)
            handled += count
            if done:
                looked[reaction.name] = newest
    finally:
        if taken:
            _give_leases_back([one.name for one in taken], passed)
    return handled


def _with_news(looked: dict[str, int]) -> list[Reaction]:
    """The reactions for which something may wait, found by one read."""
    registered = reactions()
    known = [looked[name] for name in registered if name in looked]
    news: set[str] = set()
    newest = min(known, default=0)
    if known:
        behind = select(EventRow.id, EventRow.name).where(EventRow.id > newest).order_by(EventRow.id)
        for row in db.session.execute(behind.limit(BATCH)):
            news.add(row.name)
            newest = row.id
        db.session.rollback()
    waiting = []
    for reaction in registered.values():
        if reaction.name not in looked or news.intersection(reaction.listens_to):
            waiting.append(reaction)
        else:
            looked[reaction.name] = max(looked[reaction.name], newest)
    return waiting


def _take_leases(wanted: list[Reaction]) -> list[Reaction]:
    """Those of the reactions that this process runs now; one transaction for all."""
    if not wanted:
        return []
    now = clock.now()
    names = [one.name for one in wanted]
    with unit_of_work():
        there = set(db.session.scalars(select(SubscriberRow.name).where(SubscriberRow.name.in_(names))))
        for new in [one for one in wanted if one.name not in there]:
            insert_or_ignore(SubscriberRow, _fresh(new, head()))
        took = db.session.scalars(
            update(SubscriberRow)
            .where(SubscriberRow.name.in_(names))
            .where(or_(SubscriberRow.retry_at.is_(None), SubscriberRow.retry_at <= now))
            .where(
                or_(
                    SubscriberRow.lease_until.is_(None),
                    SubscriberRow.lease_until < now,
                    SubscriberRow.lease_owner == OWNER,
                )
            )
            .values(lease_owner=OWNER, lease_until=now + LEASE)
            .returning(SubscriberRow.name)
            .execution_options(synchronize_session=False)
        )
        mine = set(took)
    return [one for one in wanted if one.name in mine]


def _give_leases_back(names: list[str], passed: dict[str, int]) -> None:
    """And note how far they have come where there was nothing to do."""
    with unit_of_work():
        mine = update(SubscriberRow).where(SubscriberRow.lease_owner == OWNER)
        mine = mine.execution_options(synchronize_session=False)
        for name, position in passed.items():
            if position:
                here = mine.where(SubscriberRow.name == name, SubscriberRow.position < position)
                db.session.execute(here.values(position=position))
        db.session.execute(mine.where(SubscriberRow.name.in_(names)).values(lease_owner=None, lease_until=None))


def _catch_up(reaction: Reaction) -> tuple[int, bool, int]:
    """How many events were handled, whether none is left, and up to where there was nothing to do."""
    handled = passed = 0
    row = db.session.get(SubscriberRow, reaction.name, populate_existing=True)
    position = row.position if row else 0
    since = dict(row.heard or {}) if row else {}
    while True:
        batch = deque(db.session.execute(_stored(position, reaction.listens_to, BATCH)))
        if not batch:
            return handled, True, passed
        while batch:
            if batch[0].id <= since.get(batch[0].name, 0) or not _concerns(reaction, batch[0]):
                passed = position = batch.popleft().id
                continue
            count = _handle_several(reaction, list(itertools.islice(batch, TOGETHER)), since)
            if not count:
                position, count = batch[0].id, 1
                if not _handle(reaction, batch[0]):
                    return handled, False, passed
            for _ in range(count):
                position = batch.popleft().id
            handled, passed = handled + count, 0
            time.sleep(0)  # whoever wants to write meanwhile waits for this, not for all that there is


def _concerns(reaction: Reaction, entry: Entry) -> bool:
    try:
        return reaction.concerns(_load(entry))
    except UnreadableEvent:
        return True  # handling it parks it, where the operator sees it


def _handle_several(reaction: Reaction, entries: Sequence[Entry], since: dict[str, int]) -> int:
    """How many of them, from the first on, were handled together."""
    if reaction.handle_all is None:
        return 0
    happened: list[tuple[Event, EventId]] = []
    for entry in entries:
        try:
            event = _load(entry)
        except UnreadableEvent:
            break
        if entry.id <= since.get(entry.name, 0) or not reaction.concerns(event):
            break
        happened.append((event, entry.id))
    if len(happened) < 2:
        return 0
    try:
        with unit_of_work():
            reaction.handle_all(happened)
            _move(reaction.name, happened[-1][1])
    except Exception:
        log.warning("reaction_failed_together", reaction=reaction.name, events=len(happened), exc_info=True)
        return 0
    return len(happened)


def _load(entry: Entry) -> Event:
    return Event.load(entry.name, entry.payload)


def _handle(reaction: Reaction, entry: Entry) -> bool:
    """Whether the reaction may go on to the next event."""
    try:
        happened = _load(entry)
        with unit_of_work():
            reaction.handle(happened, entry.id)
            _move(reaction.name, entry.id)
    except UnreadableEvent as problem:
        # No further try will read it: it waits for the operator, the others go on.
        return _after_failure(reaction, entry, problem, tries=MAX_TRIES)
    except Exception as problem:  # noqa: BLE001 - whatever a handler raises must not stop the others
        return _after_failure(reaction, entry, problem)
    return True


def _move(name: str, position: int) -> None:
    place = {"reaction": name, "owner": OWNER, "place": position, "until": clock.now() + LEASE}
    moved = db.session.execute(_MOVE, place)
    if not rows_changed(moved):
        raise RuntimeError(f"the lease of {name} was lost")


def _after_failure(reaction: Reaction, entry: Entry, problem: Exception, *, tries: int = 1) -> bool:
    with unit_of_work():
        row = db.session.get(SubscriberRow, reaction.name, populate_existing=True)
        if row is None or row.lease_owner != OWNER:
            return False
        row.tries += tries
        parked = row.tries >= MAX_TRIES
        if parked:
            insert_or_ignore(ParkedRow, parked_row(reaction.name, entry.id, problem))
            row.position, row.tries, row.retry_at = entry.id, 0, None
        else:
            row.retry_at = clock.now() + timedelta(seconds=2**row.tries)
    log.warning(
        "reaction_failed",
        reaction=reaction.name,
        event_id=entry.id,
        event_name=entry.name,
        parked=parked,
        exc_info=problem,
    )
    return parked


def parked_row(subscriber: str, event_id: EventId, problem: Exception) -> dict[str, Any]:
    """What is kept of a failure."""
    error = f"{type(problem).__name__}: {problem}".replace("\x00", "")[:500]
    return {"subscriber": subscriber, "event_id": event_id, "error": error, "at": clock.now()}


def parked() -> list[ParkedRow]:
    """What waits for the operator."""
    waiting = select(ParkedRow).where(ParkedRow.dropped_at.is_(None))
    return list(db.session.scalars(waiting.order_by(ParkedRow.event_id, ParkedRow.subscriber)))


def breaches() -> list[str]:
    """What `kinmarket check` says of the log: parked events, and cursors that point beyond it."""
    found = [f"{row.subscriber} could not handle event {row.event_id}: {row.error}" for row in parked()]
    last = head()
    ahead = select(SubscriberRow.name).where(SubscriberRow.position > last)
    return found + [f"{name} has read beyond the log" for name in db.session.scalars(ahead)]
