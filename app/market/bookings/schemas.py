"""Times and bookings, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import WithJsonSchema

from app.market.bookings.values import CANCEL_HOURS, LONGEST, MOST_IN_A_ROW, MOST_WEEKS, SHORTEST
from app.market.orders.values import Payment, Stage, Who
from app.web.schemas import Answer, Body, Filter, Handle, Id, MaybeText, Moment, Page, Paging, documented, one_of


def _number(lowest: int, highest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": lowest, "maximum": highest})


class SlotQuery(Paging):
    """From when on; without it from now."""

    since: Annotated[Filter, documented(format="date-time")] = None


class SlotBody(Body):
    """`first` with its UTC offset; each week at the same UTC hour, for up to 12 weeks."""

    first: Annotated[MaybeText, documented(format="date-time")] = None
    minutes: Annotated[Any, _number(SHORTEST, LONGEST)] = 60
    in_a_row: Annotated[Any, _number(1, MOST_IN_A_ROW)] = 1
    weeks: Annotated[Any, _number(1, MOST_WEEKS)] = 1
    cancel_hours: Annotated[Any, WithJsonSchema({"type": "integer", "enum": list(CANCEL_HOURS)})] = 24
    place: MaybeText = None


class BookBody(Body):
    """How it is paid."""

    MAY_BE_MISSING = True

    payment: Annotated[MaybeText, one_of(Payment)] = None


class MoveBody(Body):
    """To which of the free times."""

    MAY_BE_MISSING = True

    slot: MaybeText = None


class SlotEntry(Answer):
    """A time that can be booked."""

    id: Id
    starts_at: Moment
    ends_at: Moment
    cancel_hours: int


class SlotPage(Page[SlotEntry]):
    """The next free times of a service."""


class SlotsOpenedAnswer(Answer):
    """How many can be booked now; what lies in the past or across another time was left out."""

    opened: int
    left_out: int


class MarketBooking(Answer):
    """A booking, with what the caller may do: `move`, `agree`, `decline`, `no_show`."""

    id: Id
    order: Id
    listing: Id
    title: str
    place: str
    starts_at: Moment
    ends_at: Moment
    cancel_by: Moment
    stage: Stage
    role: Who
    other: Handle
    proposed: SlotEntry | None
    missed: list[Who]
    actions: list[str]
    url: str


class BookingPage(Page[MarketBooking]):
    """What lies ahead, the earliest first."""
