"""Speaking for a store, and counting what comes of it."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, select, update

from app.community.recommendations.events import (
    RecommendationGiven,
    RecommendationRemoved,
    RecommendationRestored,
)
from app.community.recommendations.queries import count_recommended
from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import Event
from app.kernel.ids import AdvocateId, EventId, MemberId, StoreId, new_code, new_id
from app.marketing.advocates.events import (
    AdvocateJoined,
    AdvocateLeft,
    AdvocateSignup,
    AdvocateVisit,
)
from app.marketing.advocates.models import AdvocateRecord, AdvocateTally, AdvocateVisitor
from app.marketing.advocates.queries import (
    advocates_for,
    advocates_of,
    find_advocate,
    get_by_code,
)
from app.marketing.advocates.values import Advocate
from app.merchants.stores.events import ProductOffered, ProductWithdrawn
from app.merchants.stores.queries import get_store, items_sold_by, stores_selling
from app.people.accounts.queries import require_active
from app.platform.database import EventRow, db, unit_of_work
from app.platform.projections import Progress
from app.platform.sql import insert_into

ARRIVALS = (AdvocateVisit, AdvocateSignup)
COUNTED = (
    *ARRIVALS,
    AdvocateJoined,
    ProductOffered,
    ProductWithdrawn,
    RecommendationGiven,
    RecommendationRemoved,
    RecommendationRestored,
)
_BATCH = 1000


def become_advocate(actor: MemberId, store_id: StoreId, *, consent: bool) -> Advocate:
    """The member speaks for the store; `consent`: the merchant may see name and figures."""
    with unit_of_work() as work:
        require_active(actor)
        if get_store(store_id).owner_id == actor:
            raise Conflict("This is your own store.", code="own_store")
        statement = insert_into(AdvocateRecord).values(
            id=new_id(),
            store_id=store_id,
            member_id=actor,
            code=new_code(),
            named=consent,
            joined_at=clock.now(),
        )
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["store_id", "member_id"], set_={"named": consent, "left_at": None}
            )
        )
        advocate = find_advocate(actor, store_id)
        if advocate is None:
            raise Invalid("That didn’t work.")
        work.record(AdvocateJoined(advocate_id=advocate.id, store_id=store_id, member_id=actor))
    return advocate


def leave(actor: MemberId, store_id: StoreId) -> None:
    """The link ends; what was counted is no longer shown."""
    with unit_of_work() as work:
        gone = db.session.execute(
            update(AdvocateRecord)
            .where(
                AdvocateRecord.store_id == store_id,
                AdvocateRecord.member_id == actor,
                AdvocateRecord.left_at.is_(None),
            )
            .values(left_at=clock.now())
            .returning(AdvocateRecord.id)
        ).scalar_one_or_none()
        if gone is not None:
            work.record(AdvocateLeft(advocate_id=gone, store_id=store_id, member_id=actor))


def record_visit(code: str, visitor: str) -> Advocate:
    """Somebody came through the link; the same visitor counts once a day."""
    advocate = get_by_code(code)
    digest = hashlib.sha256(visitor.encode()).hexdigest()
    with unit_of_work() as work:
        new = db.session.execute(
            insert_into(AdvocateVisitor)
            .values(advocate_id=advocate.id, visitor=digest, day=clock.now().date())
            .on_conflict_do_nothing()
            # PostgreSQL's driver gives no row count for this one.
            .returning(AdvocateVisitor.day)
        ).one_or_none()
        if new is not None:
            work.record(AdvocateVisit(advocate_id=advocate.id, store_id=advocate.store_id))
    return advocate


def record_signup(code: str, member_id: MemberId) -> None:
    """Who came through the link has just joined."""
    advocate = get_by_code(code)
    if advocate.member_id == member_id:
        return
    with unit_of_work() as work:
        work.record(AdvocateSignup(advocate_id=advocate.id, store_id=advocate.store_id, member_id=member_id))


def count_event(event: Event, event_id: EventId) -> None:
    """Bring the tallies up to this event; an event that is counted already changes nothing.

    Arrivals are added up. Recommendations are counted anew from what stands now: they can be
    said anew, turned round and taken back, and shelves change.
    """
    if isinstance(event, AdvocateVisit):
        _add(event.advocate_id, event_id, visits=1)
    elif isinstance(event, AdvocateSignup):
        _add(event.advocate_id, event_id, signups=1)
    elif isinstance(event, AdvocateJoined):
        _recount(advocates_of(event.member_id, [event.store_id]), event_id)
    elif isinstance(event, ProductOffered | ProductWithdrawn):
        _recount(advocates_for(event.store_id), event_id)
    elif isinstance(event, RecommendationGiven | RecommendationRemoved | RecommendationRestored):
        _recount(advocates_of(event.member_id, stores_selling(event.item_id)), event_id)


def rebuild_tallies(progress: Progress) -> None:
    """Drop the projection and count the whole log again, in one transaction."""
    names = [kind.__name__ for kind in ARRIVALS]
    with unit_of_work():
        db.session.execute(delete(AdvocateTally))
        query = select(EventRow.id, EventRow.name, EventRow.payload).where(EventRow.name.in_(names))
        rows = list(db.session.execute(query.order_by(EventRow.id)))
        for number, row in enumerate(rows, 1):
            count_event(Event.load(row.name, row.payload), row.id)
            if number % _BATCH == 0:
                progress(number, len(rows))
        _recount(advocates_for(), rows[-1].id if rows else EventId(0))
    progress(len(rows), len(rows))


def _recount(advocates: list[Advocate], event_id: EventId) -> None:
    for advocate in advocates:
        number = count_recommended(advocate.member_id, items_sold_by(advocate.store_id), advocate.joined_at)
        db.session.execute(
            insert_into(AdvocateTally)
            .values(
                advocate_id=advocate.id,
                last_event=event_id,
                visits=0,
                signups=0,
                recommendations=number,
            )
            .on_conflict_do_update(index_elements=["advocate_id"], set_={"recommendations": number})
        )


def _add(advocate_id: AdvocateId, event_id: EventId, **more: int) -> None:
    exists = db.session.scalar(select(AdvocateRecord.id).where(AdvocateRecord.id == advocate_id))
    if exists is None:
        return
    first = {"visits": 0, "signups": 0, "recommendations": 0} | more
    statement = insert_into(AdvocateTally).values(advocate_id=advocate_id, last_event=event_id, **first)
    table = AdvocateTally.__table__
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["advocate_id"],
            set_={
                "last_event": event_id,
                **{name: table.c[name] + number for name, number in more.items()},
            },
            where=table.c.last_event < event_id,
        )
    )
