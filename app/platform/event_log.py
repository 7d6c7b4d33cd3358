"""Reading the event log: tails in each process, reactions once for the installation."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.events import Event
from app.platform.database import BigId, EventRow, Model, UtcDateTime, db, head, rows_changed, unit_of_work

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BATCH = 200
MOST_TRIES = 6
OWNER = f"{os.getpid()}-{secrets.token_hex(4)}"

Handler = Callable[[Event, int], None]


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


class ParkedRow(Model):
    """An event that a reaction could not digest; the operator sees it."""

    __tablename__ = "event_parked"

    subscriber: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    error: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A durable listener: `handle(event, event_id)` runs inside one unit of work, idempotent."""

    name: str
    listens_to: tuple[str, ...]
    handle: Handler


_reactions: dict[str, Reaction] = {}
wake = threading.Event()


def register_reaction(name: str, listens_to: Iterable[type[Event]], handle: Handler) -> None:
    """Called by the composition root only; the same name again replaces."""
    _reactions[name] = Reaction(name, tuple(kind.__name__ for kind in listens_to), handle)


def reactions() -> dict[str, Reaction]:
    """What is registered, by name."""
    return dict(_reactions)


def read_after(position: int, names: Iterable[str] | None = None, limit: int = 1000) -> list[Logged]:
    """Events behind `position` in the order of their commits."""
    query = select(EventRow.id, EventRow.name, EventRow.payload, EventRow.at)
    query = query.where(EventRow.id > position).order_by(EventRow.id).limit(limit)
    if names is not None:
        query = query.where(EventRow.name.in_(list(names)))
    known = Event.registry
    return [
        Logged(row.id, Event.load(row.name, row.payload), row.at)
        for row in db.session.execute(query)
        if row.name in known
    ]


def run_reactions() -> int:
    """Let every reaction catch up as far as it can; answers how many events were handled."""
    handled = 0
    newest = head()
    looked = _looked()
    for reaction in _with_news(looked):
        if not _take_lease(reaction.name):
            continue
        try:
            count, done = _catch_up(reaction)
        finally:
            _give_lease_back(reaction.name)
        handled += count
        if done:
            looked[reaction.name] = newest
    return handled


def _looked() -> dict[str, int]:
    """Up to where this process knows that nothing waits for a reaction: leases cost two writes."""
    found: dict[str, int] = current_app.extensions.setdefault("kin_reactions_looked", {})
    return found


def _with_news(looked: dict[str, int]) -> list[Reaction]:
    """The reactions for which something may wait, found by one read."""
    known = [looked[name] for name in _reactions if name in looked]
    news: set[str] = set()
    newest = min(known, default=0)
    if known:
        behind = select(EventRow.id, EventRow.name).where(EventRow.id > newest).order_by(EventRow.id)
        for row in db.session.execute(behind.limit(BATCH)):
            news.add(row.name)
            newest = row.id
        db.session.rollback()
    waiting = []
    for reaction in list(_reactions.values()):
        if reaction.name not in looked or news.intersection(reaction.listens_to):
            waiting.append(reaction)
        else:
            looked[reaction.name] = max(looked[reaction.name], newest)
    return waiting


def _take_lease(name: str) -> bool:
    now = clock.now()
    with unit_of_work():
        if db.session.get(SubscriberRow, name) is None:
            db.session.add(SubscriberRow(name=name))
            db.session.flush()
        took = db.session.execute(
            update(SubscriberRow)
            .where(SubscriberRow.name == name)
            .where(or_(SubscriberRow.retry_at.is_(None), SubscriberRow.retry_at <= now))
            .where(
                or_(
                    SubscriberRow.lease_until.is_(None),
                    SubscriberRow.lease_until < now,
                    SubscriberRow.lease_owner == OWNER,
                )
            )
            .values(lease_owner=OWNER, lease_until=now + LEASE)
        )
    return rows_changed(took) > 0


def _give_lease_back(name: str) -> None:
    with unit_of_work():
        db.session.execute(
            update(SubscriberRow)
            .where(SubscriberRow.name == name, SubscriberRow.lease_owner == OWNER)
            .values(lease_owner=None, lease_until=None)
        )


def _catch_up(reaction: Reaction) -> tuple[int, bool]:
    """How many events were handled, and whether none is left."""
    handled = 0
    while True:
        row = db.session.get(SubscriberRow, reaction.name, populate_existing=True)
        position = row.position if row else 0
        batch = read_after(position, reaction.listens_to, BATCH)
        if not batch:
            return handled, True
        for entry in batch:
            if not _handle(reaction, entry):
                return handled, False
            handled += 1


def _handle(reaction: Reaction, entry: Logged) -> bool:
    """Whether the reaction may go on to the next event."""
    try:
        with unit_of_work():
            reaction.handle(entry.event, entry.id)
            _move(reaction.name, entry.id)
    except Exception as problem:  # noqa: BLE001 - whatever a handler raises must not stop the others
        return _after_failure(reaction, entry, problem)
    return True


def _move(name: str, position: int) -> None:
    moved = db.session.execute(
        update(SubscriberRow)
        .where(SubscriberRow.name == name, SubscriberRow.lease_owner == OWNER)
        .values(position=position, tries=0, retry_at=None, lease_until=clock.now() + LEASE)
    )
    if not rows_changed(moved):
        raise RuntimeError(f"the lease of {name} was lost")


def _after_failure(reaction: Reaction, entry: Logged, problem: Exception) -> bool:
    with unit_of_work():
        row = db.session.get(SubscriberRow, reaction.name, populate_existing=True)
        if row is None or row.lease_owner != OWNER:
            return False
        row.tries += 1
        parked = row.tries >= MOST_TRIES
        if parked:
            db.session.add(
                ParkedRow(
                    subscriber=reaction.name,
                    event_id=entry.id,
                    error=f"{type(problem).__name__}: {problem}"[:500],
                    at=clock.now(),
                )
            )
            row.position, row.tries, row.retry_at = entry.id, 0, None
        else:
            row.retry_at = clock.now() + timedelta(seconds=2**row.tries)
    log.warning(
        "reaction_failed",
        reaction=reaction.name,
        event_id=entry.id,
        event_name=entry.event.name,
        parked=parked,
        exc_info=problem,
    )
    return parked


def parked() -> list[ParkedRow]:
    """What waits for the operator."""
    return list(db.session.scalars(select(ParkedRow).order_by(ParkedRow.at)))


def breaches() -> list[str]:
    """What `kinmarket check` says of the log: parked events, and cursors that point beyond it."""
    found = [f"{row.subscriber} could not handle event {row.event_id}: {row.error}" for row in parked()]
    last = head()
    ahead = select(SubscriberRow.name).where(SubscriberRow.position > last)
    return found + [f"{name} has read beyond the log" for name in db.session.scalars(ahead)]


def retry_parked(subscriber: str, event_id: int) -> None:
    """Run one parked event again; raises what the handler raises."""
    reaction = _reactions[subscriber]
    entries = read_after(event_id - 1, reaction.listens_to, 1)
    with unit_of_work():
        if entries and entries[0].id == event_id:
            reaction.handle(entries[0].event, event_id)
        db.session.execute(
            delete(ParkedRow).where(
                ParkedRow.subscriber == subscriber, ParkedRow.event_id == event_id
            )
        )
