"""Invariants of bookings, for `kinmarket check`."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from app.market.bookings.models import Booking, ServiceSlot
from app.market.orders.models import Order
from app.market.orders.values import Stage
from app.platform.database import db


def run() -> list[str]:
    """A booking that stands has its time and no other, one that is called off has none."""
    has = and_(ServiceSlot.booking_id == Booking.id, ServiceSlot.id == Booking.slot_id)
    standing = (
        select(Booking.id)
        .outerjoin(ServiceSlot, has)
        .join(Order, Order.id == Booking.order_id)
        .where(
            or_(
                and_(Booking.cancelled_at.is_(None), ServiceSlot.id.is_(None)),
                and_(Booking.cancelled_at.is_not(None), ServiceSlot.id.is_not(None)),
                and_(Booking.cancelled_at.is_(None), Booking.starts_at != ServiceSlot.starts_at),
                and_(Booking.cancelled_at.is_(None), Order.stage == Stage.CANCELLED.value),
            )
        )
    )
    found = [f"booking {ident}: it and its time don’t agree" for ident in db.session.scalars(standing)]
    loose = (
        select(ServiceSlot.id)
        .outerjoin(Booking, and_(Booking.id == ServiceSlot.booking_id, Booking.slot_id == ServiceSlot.id))
        .where(ServiceSlot.booking_id.is_not(None), Booking.id.is_(None))
    )
    return found + [f"time {ident}: taken by no booking" for ident in db.session.scalars(loose)]


CHECKS = {"bookings": run}
