"""Times that can be booked, and the small values of a booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.kernel.ids import BookingId, ListingId, MemberId, OrderId, SlotId
from app.market.orders.values import Stage, Who
from app.people.profiles.values import MemberCard

SHORTEST, LONGEST = 15, 12 * 60  # minutes
MOST_WEEKS: Final = 12
MOST_IN_A_ROW: Final = 12
CANCEL_HOURS: Final = (0, 2, 12, 24, 48, 72)
MOST_OPEN: Final = 400  # times of one listing that lie ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPlan:
    """What a seller opens: a time, some in a row, the same each week. `first` has the seller's own zone."""

    first: datetime
    minutes: int
    in_a_row: int = 1
    weeks: int = 1
    cancel_hours: int = 24
    place: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """How many times were opened, and how many lay in the past or across another one."""

    opened: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """One time. Who has booked it is told to the seller only."""

    id: SlotId
    listing_id: ListingId
    starts_at: datetime
    ends_at: datetime
    cancel_hours: int
    free: bool
    booking_id: BookingId | None = None
    who: MemberCard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingView:
    """A booking as one of the two sees it."""

    id: BookingId
    order_id: OrderId
    listing_id: ListingId
    slot_id: SlotId
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    cancel_by: datetime
    stage: Stage
    role: Who
    other: MemberCard
    proposed: SlotView | None = None
    proposed_by: MemberId | None = None
    missed: frozenset[Who] = frozenset()
    can: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return f"/bookings/{self.id}"
