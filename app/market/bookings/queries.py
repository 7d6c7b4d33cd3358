"""Calendars, as sellers, buyers and passers-by see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select

from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import BookingId, ListingId, MemberId, SlotId, is_id
from app.market.bookings import rules
from app.market.bookings.models import Booking, ServiceSlot
from app.market.bookings.values import BookingView, SlotView
from app.market.orders.models import Order
from app.market.orders.values import Stage, Who
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db

KIND: Final = "booking"  # as what orders are about
MOST: Final = 200  # of a calendar's page


def slots_of(listing_id: ListingId, start: datetime, end: datetime, *, for_seller: bool) -> list[SlotView]:
    """The times of a listing in a window: to its seller also who has booked, to others only what is free."""
    query = select(ServiceSlot).where(
        ServiceSlot.listing_id == listing_id,
        ServiceSlot.starts_at >= start,
        ServiceSlot.starts_at < end,
        ServiceSlot.closed_at.is_(None),
    )
    if not for_seller:
        query = query.where(ServiceSlot.booking_id.is_(None))
    rows = list(db.session.scalars(query.order_by(ServiceSlot.starts_at).limit(MOST)))
    booked = [row.booking_id for row in rows if row.booking_id]
    buyers = _buyers(booked)
    return [_slot(row, buyers.get(row.booking_id) if row.booking_id else None) for row in rows]


def next_free(listing_id: ListingId, after: datetime) -> datetime | None:
    """When the next time is that can be booked."""
    query = select(func.min(ServiceSlot.starts_at)).where(
        ServiceSlot.listing_id == listing_id,
        ServiceSlot.starts_at >= after,
        ServiceSlot.booking_id.is_(None),
        ServiceSlot.closed_at.is_(None),
    )
    return db.session.scalar(query)


def find_slot(slot_id: SlotId) -> SlotView | None:
    """One time, free or not; None where there is none."""
    row = db.session.get(ServiceSlot, slot_id, populate_existing=True) if is_id(slot_id) else None
    return _slot(row, None) if row is not None and row.closed_at is None else None


def get_booking(viewer_id: MemberId, booking_id: BookingId) -> BookingView:
    """All of one booking; raises `NotFound` to whoever is none of the two."""
    row = get_row(viewer_id, booking_id)
    return _views([row], viewer_id)[0]


def bookings_of(viewer_id: MemberId, start: datetime, end: datetime) -> list[BookingView]:
    """What the viewer has booked and what others have booked of them, in a window of time."""
    rows: list[Booking] = []
    for side in (Booking.buyer_id, Booking.seller_id):
        query = select(Booking).where(
            side == viewer_id, Booking.starts_at >= start, Booking.starts_at < end, Booking.cancelled_at.is_(None)
        )
        rows += db.session.scalars(query.order_by(Booking.starts_at).limit(MOST)).all()
    return _views(sorted(rows, key=lambda row: (row.starts_at, row.id)), viewer_id)


def get_row(viewer_id: MemberId, booking_id: BookingId, *, lock: bool = False) -> Booking:
    """The row, for one of the two; `lock`: until the end of the transaction."""
    found = None
    if is_id(booking_id):
        found = db.session.get(Booking, booking_id, populate_existing=True, with_for_update=lock or None)
    if found is None or found.order_id is None or viewer_id not in {found.buyer_id, found.seller_id}:
        raise NotFound("This booking doesn’t exist.")
    return found


def role_in(row: Booking, member_id: MemberId) -> Who:
    """On which side the member is."""
    return Who.BUYER if row.buyer_id == member_id else Who.SELLER


def standing_of(row: Booking, stage: Stage, viewer_id: MemberId) -> rules.Standing:
    """All that decides what the viewer may do."""
    return rules.Standing(
        stage=stage,
        starts_at=row.starts_at,
        role=role_in(row, viewer_id),
        proposed_by=role_in(row, row.proposed_by) if row.proposed_by and row.proposed_slot_id else None,
        missed=missed_of(row),
    )


def missed_of(row: Booking) -> frozenset[Who]:
    """Who is said not to have come."""
    told = ((Who.BUYER, row.buyer_missed_at), (Who.SELLER, row.seller_missed_at))
    return frozenset(who for who, at in told if at is not None)


def stage_of(row: Booking) -> Stage:
    """How far its order is."""
    return Stage(db.session.execute(select(Order.stage).where(Order.id == row.order_id)).scalar_one())


def _views(rows: Sequence[Booking], viewer_id: MemberId) -> list[BookingView]:
    if not rows:
        return []
    wanted = {one for row in rows for one in (row.slot_id, row.proposed_slot_id) if one}
    slots = {row.id: row for row in db.session.scalars(select(ServiceSlot).where(ServiceSlot.id.in_(wanted)))}
    orders = {
        row.id: row
        for row in db.session.execute(
            select(Order.id, Order.stage, Order.snapshot).where(Order.id.in_([row.order_id for row in rows]))
        )
    }
    people = cards({one for row in rows for one in (row.buyer_id, row.seller_id)})
    now, found = clock.now(), []
    for row in rows:
        order, slot = orders.get(row.order_id), slots[row.slot_id]
        if order is None or row.order_id is None:
            continue
        standing = standing_of(row, Stage(order.stage), viewer_id)
        wish = slots.get(row.proposed_slot_id) if row.proposed_slot_id else None
        found.append(
            BookingView(
                id=row.id,
                order_id=row.order_id,
                listing_id=slot.listing_id,
                slot_id=row.slot_id,
                title=order.snapshot["title"],
                place=slot.place,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                cancel_by=rules.cancel_by(row.starts_at, slot.cancel_hours),
                stage=standing.stage,
                role=standing.role,
                other=people[row.seller_id if standing.role is Who.BUYER else row.buyer_id],
                proposed=_slot(wish, None) if wish else None,
                proposed_by=row.proposed_by,
                missed=standing.missed,
                can=rules.doable(now, standing),
            )
        )
    return found


def _buyers(ids: Iterable[BookingId]) -> dict[BookingId, MemberCard]:
    rows = db.session.execute(select(Booking.id, Booking.buyer_id).where(Booking.id.in_(list(ids)))).all()
    people = cards({row.buyer_id for row in rows})
    return {row.id: people[row.buyer_id] for row in rows}


def _slot(row: ServiceSlot, who: MemberCard | None) -> SlotView:
    return SlotView(
        id=row.id,
        listing_id=row.listing_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cancel_hours=row.cancel_hours,
        free=row.booking_id is None and row.closed_at is None,
        booking_id=row.booking_id,
        who=who,
    )


def upcoming(viewer_id: MemberId) -> list[BookingView]:
    """What lies ahead, for a calendar file."""
    return bookings_of(viewer_id, clock.now(), clock.now() + rules.FARTHEST)


def touched_by(member_id: MemberId) -> list[Booking]:
    """All that the member booked or gave, for the export."""
    mine = or_(Booking.buyer_id == member_id, Booking.seller_id == member_id)
    return list(db.session.scalars(select(Booking).where(mine).order_by(Booking.id)))
