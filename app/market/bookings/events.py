"""What happens to bookings; that one is made or called off, its order says."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import BookingId, ListingId, MemberId, OrderId


@dataclass(frozen=True, kw_only=True)
class SlotsOpened(Event):
    """Times of a service can be booked."""

    listing_id: ListingId
    seller_id: MemberId
    number: int


@dataclass(frozen=True, kw_only=True)
class BookingMoveProposed(Event):
    """One side would like another time."""

    booking_id: BookingId
    order_id: OrderId
    member_id: MemberId
    other_id: MemberId


@dataclass(frozen=True, kw_only=True)
class BookingMoved(Event):
    """The other side agreed: the new time is theirs, the old one can be booked again."""

    booking_id: BookingId
    order_id: OrderId
    member_id: MemberId
    other_id: MemberId


@dataclass(frozen=True, kw_only=True)
class BookingMoveDeclined(Event):
    """It stays at the time that was agreed."""

    booking_id: BookingId
    order_id: OrderId
    member_id: MemberId
    other_id: MemberId


@dataclass(frozen=True, kw_only=True)
class BookingNear(Event):
    """It is tomorrow."""

    booking_id: BookingId
    order_id: OrderId
    member_id: MemberId
    other_id: MemberId


@dataclass(frozen=True, kw_only=True)
class NoShowNoted(Event):
    """`by_id` says that `member_id` did not come."""

    booking_id: BookingId
    order_id: OrderId
    member_id: MemberId
    by_id: MemberId
