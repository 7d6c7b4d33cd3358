"""What the operator can do with an event that a reaction could not handle: try again, or let it go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, and_, delete, select, update

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.events import Event
from app.kernel.ids import EventId
from app.platform.database import EventRow, db, rows_changed, unit_of_work
from app.platform.event_log import ParkedRow, parked_row, reactions

log = structlog.get_logger()
MAX_WHY_LENGTH = 500


class StillFails(Conflict):
    """The reaction could not handle the event this time either."""

    code = "still_fails"


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that waits, and the reaction that could not handle it."""

    event_id: EventId
    event: str
    reaction: str
    error: str
    at: datetime


def waiting(event_id: EventId | None = None) -> list[Parked]:
    """What waits, of one event or of all, oldest first."""
    query = (
        select(ParkedRow.event_id, EventRow.name, ParkedRow.subscriber, ParkedRow.error, ParkedRow.at)
        .outerjoin(EventRow, EventRow.id == ParkedRow.event_id)
        .where(ParkedRow.dropped_at.is_(None))
        .order_by(ParkedRow.event_id, ParkedRow.subscriber)
    )
    if event_id is not None:
        query = query.where(ParkedRow.event_id == event_id)
    found = db.session.execute(query)
    return [Parked(one.event_id, one.name or "?", one.subscriber, one.error, one.at) for one in found]


def retry(event_id: EventId) -> Sequence[str]:
    """Handle it again wherever it waits; answers the names of the reactions that have handled it.

    Raises `StillFails` after the first that fails: what it says now is kept with the event.
    """
    done = []
    for one in _waiting_for(event_id):
        try:
            with unit_of_work():
                if not _take(one):
                    continue  # somebody else was faster
                _handle(one)
        except Exception as problem:
            with unit_of_work():
                news = parked_row(one.reaction, event_id, problem)
                db.session.execute(update(ParkedRow).where(_is(one)).values(error=news["error"], at=news["at"]))
            raise StillFails(
                "%(reaction)s could not handle event %(event_id)s: %(detail)s",
                reaction=one.reaction,
                event_id=event_id,
                detail=news["error"],
            ) from problem
        done.append(one.reaction)
    return done


def drop(event_id: EventId, why: str) -> Sequence[str]:
    """Let it go wherever it waits; the reason is kept. Answers the names of the reactions."""
    why = why.strip().replace("\x00", "")
    if not why:
        raise Invalid("Say why: the reason is kept with the event.", code="reason_missing")
    if len(why) > MAX_WHY_LENGTH:
        raise Invalid("The reason can have up to %(most)s characters.", code="reason_long", most=MAX_WHY_LENGTH)
    found = _waiting_for(event_id)
    with unit_of_work():
        for one in found:
            db.session.execute(update(ParkedRow).where(_is(one)).values(dropped_at=clock.now(), why=why))
    log.info("parked_event_dropped", event_id=event_id, reactions=[one.reaction for one in found], why=why)
    return [one.reaction for one in found]


def _waiting_for(event_id: EventId) -> list[Parked]:
    found = waiting(event_id)
    if not found:
        raise NotFound(
            "Event %(event_id)s is not parked; `kinmarket events parked` lists those that are.", event_id=event_id
        )
    return found


def _take(one: Parked) -> bool:
    return rows_changed(db.session.execute(delete(ParkedRow).where(_is(one)))) > 0


def _handle(one: Parked) -> None:
    reaction = reactions().get(one.reaction)
    if reaction is None:
        raise NotFound("there is no reaction %(reaction)s any more: drop it", reaction=one.reaction)
    stored = db.session.execute(
        select(EventRow.name, EventRow.payload).where(EventRow.id == one.event_id)
    ).one_or_none()
    if stored is None:
        raise NotFound("the event is not in the log: drop it")
    reaction.handle(Event.load(stored.name, stored.payload), one.event_id)


def _is(one: Parked) -> ColumnElement[bool]:
    return and_(
        ParkedRow.subscriber == one.reaction,
        ParkedRow.event_id == one.event_id,
        ParkedRow.dropped_at.is_(None),
    )
