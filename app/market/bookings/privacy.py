"""What bookings keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.kernel.ids import MemberId
from app.market.bookings.models import Booking, ServiceSlot
from app.market.bookings.queries import role_in, touched_by
from app.market.bookings.service import leave_within
from app.platform.database import db

NAME = "bookings"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """When the member was where, with whom is the other side's; and the times that they opened."""
    asked = select(Booking.id).where(Booking.proposed_by == ident)
    wishes = set(db.session.scalars(asked))
    booked = [
        {
            "booking": row.id,
            "role": role_in(row, ident).value,
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
            "cancelled": row.cancelled_at is not None,
            "asked_to_move": row.id in wishes,
        }
        for row in touched_by(ident)
    ]
    mine = select(ServiceSlot).where(ServiceSlot.seller_id == ident).order_by(ServiceSlot.starts_at)
    opened = [
        {"listing": row.listing_id, "starts_at": row.starts_at.isoformat(), "place": row.place}
        for row in db.session.scalars(mine)
    ]
    return booked + opened


def erase(ident: MemberId) -> None:
    """No times any more; that a booking was is the other side's too."""
    leave_within(ident)
    for side in (Booking.buyer_id, Booking.seller_id):
        db.session.execute(update(Booking).where(side == ident).values(proposed_by=None, proposed_slot_id=None))
