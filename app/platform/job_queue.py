"""The queue of jobs in the database: nothing that was put into it is lost, whoever is killed when.

A job is claimed for a short while and the claim renewed while it runs; a claim that ends comes back
into the queue. It is written in the transaction of whoever wants it, so both stand or neither.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Index, String, and_, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.platform.database import LETS_IN, Json, Model, UtcDateTime, db, rows_changed, unit_of_work
from app.platform.sql import insert_or_ignore, upsert

LEASE: Final = timedelta(seconds=60)
KEEP: Final = timedelta(days=30)  # what was given up
ALIVE: Final = timedelta(seconds=60)  # since a worker was last heard of

WAITING: Final = "waiting"
CLAIMED: Final = "claimed"
PARKED: Final = "parked"

_FIRST_WAIT: Final = timedelta(seconds=15)
_MAX_WAIT_LENGTH: Final = timedelta(hours=2)
_ENDED: Final = "the process ended while it ran"


class JobRow(Model):
    """One thing to do. The row is gone when it is done."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # Its arguments may be a letter with a link that lets somebody in.
    __table_args__ = (Index("ix_job_state_due", "state", "due_at"), {"info": {LETS_IN: True}})


class JobClockRow(Model):
    """Up to which of its turns a periodic job was queued, by whichever process was first."""

    __tablename__ = "job_clock"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    turn: Mapped[int]


class JobWorkerRow(Model):
    """Who does jobs, and when it was last heard of."""

    __tablename__ = "job_worker"

    owner: Mapped[str] = mapped_column(String(60), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in one's hands."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    tries: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A job that the operator has to look at; its arguments may hold secrets and are not told."""

    id: str
    name: str
    to: str | None
    subject: str | None
    error: str
    tries: int
    at: datetime


def add(name: str, arguments: Mapping[str, Any]) -> str:
    """Part of the caller's unit of work, if there is one; answers the id."""
    ident, now = new_id(), clock.now()
    with unit_of_work():
        db.session.add(
            JobRow(id=ident, name=name, arguments=dict(arguments), state=WAITING, due_at=now, tries=0, created_at=now)
        )
        db.session.flush()
    return ident


def claim(names: Collection[str], owner: str) -> Claimed | None:
    """The one that waits longest among those of these names; None when there is nothing to do now."""
    ripe = and_(_claimable(clock.now()), JobRow.name.in_(list(names)))
    first = select(JobRow.id).where(ripe).order_by(JobRow.due_at, JobRow.id).limit(1)
    if db.session.scalar(first) is None:
        db.session.rollback()
        return None
    # On PostgreSQL two workers pass by each other's row; the condition stands in the UPDATE itself too.
    chosen = first.with_for_update(skip_locked=True).scalar_subquery()
    with unit_of_work():
        row = db.session.execute(
            update(JobRow)
            .where(JobRow.id == chosen, ripe)
            .values(state=CLAIMED, owner=owner, lease_until=clock.now() + LEASE, tries=JobRow.tries + 1)
            .returning(JobRow.id, JobRow.name, JobRow.arguments, JobRow.tries)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    return Claimed(row.id, row.name, row.arguments, row.tries) if row else None


def done(job: Claimed, owner: str) -> None:
    """It need not be remembered."""
    with unit_of_work():
        db.session.execute(delete(JobRow).where(_mine(job, owner)))


def try_later(job: Claimed, owner: str, error: str) -> None:
    """After a failure; longer with each."""
    _end(job, owner, state=WAITING, due_at=clock.now() + wait_after(job.tries), error=error)


def give_up(job: Claimed, owner: str, error: str | None = None) -> None:
    """The operator sees it."""
    _end(job, owner, state=PARKED, error=error or _ENDED)


def wait_after(tries: int) -> timedelta:
    """15 seconds, 30, a minute … at most two hours."""
    return min(_FIRST_WAIT * (1 << min(tries - 1, 20)), _MAX_WAIT_LENGTH)


def keep(owner: str) -> None:
    """Says that this worker lives: its claims hold on, others see it."""
    now = clock.now()
    with unit_of_work():
        db.session.execute(
            update(JobRow)
            .where(JobRow.owner == owner, JobRow.state == CLAIMED)
            .values(lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        upsert(JobWorkerRow, {"owner": owner, "seen_at": now}, keys=["owner"])
        db.session.execute(delete(JobWorkerRow).where(JobWorkerRow.seen_at < now - timedelta(days=1)))


def leave(owner: str) -> None:
    """This worker goes; what it could not finish is free at once."""
    with unit_of_work():
        db.session.execute(
            update(JobRow)
            .where(JobRow.owner == owner, JobRow.state == CLAIMED)
            .values(state=WAITING, owner=None, lease_until=None)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(delete(JobWorkerRow).where(JobWorkerRow.owner == owner))


def somebody_works() -> bool:
    """Whether a worker was heard of a moment ago."""
    seen = db.session.scalar(select(func.max(JobWorkerRow.seen_at, type_=UtcDateTime)))
    return seen is not None and seen > clock.now() - ALIVE


def take_turn(name: str, turn: int) -> bool:
    """Whether this turn of a periodic job is the caller's to queue: true once, for one of all processes.

    Part of the caller's unit of work. A job that was never seen begins with its next turn.
    """
    if insert_or_ignore(JobClockRow, {"name": name, "turn": turn}):
        return False
    moved = db.session.execute(
        update(JobClockRow)
        .where(JobClockRow.name == name, JobClockRow.turn < turn)
        .values(turn=turn)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(moved) > 0


def given_up(limit: int = 200) -> list[GivenUp]:
    """The newest first."""
    rows = db.session.scalars(select(JobRow).where(JobRow.state == PARKED).order_by(JobRow.id.desc()).limit(limit))
    return [
        GivenUp(
            row.id, row.name, row.arguments.get("to"), row.arguments.get("subject"), row.error or "", row.tries,
            row.due_at,
        )
        for row in rows
    ]  # fmt: skip


def count_given_up() -> Any:
    """As a scalar subquery, for a badge."""
    return select(func.count(JobRow.id)).where(JobRow.state == PARKED).scalar_subquery()


def again(ident: str) -> bool:
    """The cause is mended: try it now, and as often as at first."""
    with unit_of_work():
        changed = db.session.execute(
            update(JobRow)
            .where(JobRow.id == ident, JobRow.state == PARKED)
            .values(state=WAITING, due_at=clock.now(), tries=0)
        )
    return rows_changed(changed) > 0


def drop(ident: str) -> bool:
    """Nobody needs it any more."""
    with unit_of_work():
        gone = db.session.execute(delete(JobRow).where(JobRow.id == ident, JobRow.state == PARKED))
    return rows_changed(gone) > 0


def sweep() -> None:
    """What was given up long ago: addresses and texts are not kept for ever."""
    with unit_of_work():
        db.session.execute(delete(JobRow).where(JobRow.state == PARKED, JobRow.due_at < clock.now() - KEEP))


def breaches() -> list[str]:
    """What `kinmarket check` says."""
    return [
        f"{one.name}{f' to {one.to}' if one.to else ''} was given up after {one.tries} tries: {one.error}"
        for one in given_up(1000)
    ]


def _claimable(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(JobRow.state == WAITING, JobRow.due_at <= now),
        and_(JobRow.state == CLAIMED, JobRow.lease_until < now),
    )


def _mine(job: Claimed, owner: str) -> ColumnElement[bool]:
    return and_(JobRow.id == job.id, JobRow.owner == owner, JobRow.state == CLAIMED)


def _end(job: Claimed, owner: str, **values: Any) -> None:
    with unit_of_work():
        db.session.execute(
            update(JobRow)
            .where(_mine(job, owner))
            .values(owner=None, lease_until=None, **values)
            .execution_options(synchronize_session=False)
        )
