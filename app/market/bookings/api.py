"""Times and bookings over JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid
from app.kernel.ids import BookingId, ListingId, SlotId
from app.kernel.pagination import decode_cursor, encode_cursor
from app.market.bookings import queries, service
from app.market.bookings.rules import FARTHEST
from app.market.bookings.schemas import (
    BookBody,
    BookingPage,
    MarketBooking,
    MoveBody,
    SlotBody,
    SlotPage,
    SlotQuery,
    SlotsOpenedAnswer,
)
from app.market.bookings.values import BookingView, SlotPlan, SlotView
from app.market.listings.queries import get_listing
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Paging

api = APIBlueprint("api_bookings", __name__, url_prefix="/api/v1", tag="Bookings")


@api.get("/listings/<listing_id>/slots")
@operation("The free times of a service", query=SlotQuery, answers=SlotPage)
def list_slots(listing_id: ListingId, query: SlotQuery) -> ResponseReturnValue:
    get_listing(caller().id, listing_id)
    now = clock.now()
    # The next page begins at the time after the last one.
    asked = _cursor(query.cursor) or (_moment(query.since) if query.since else now)
    since = max(asked, now)
    found = queries.slots_of(listing_id, since, now + FARTHEST, for_seller=False)
    most = query.most()
    more = encode_cursor(found[most].starts_at.isoformat()) if len(found) > most else None
    return {"items": [_slot_json(one) for one in found[:most]], "next": more}


@api.post("/listings/<listing_id>/slots")
@operation("Open times of one’s own service", takes=SlotBody, answers=SlotsOpenedAnswer, status=201, refuses=[403, 409])
def post_slots(listing_id: ListingId, body: SlotBody) -> ResponseReturnValue:
    me = caller()
    check_rate(f"open-times:{me.id}", "60/hour")
    if not get_listing(me.id, listing_id).card.mine:
        raise Forbidden("Only the seller can open times.", code="not_yours")
    numbers = (body.minutes, body.in_a_row, body.weeks, body.cancel_hours)
    if any(type(one) is not int for one in numbers):
        raise Invalid("Enter whole numbers.", code="bad_number")
    plan = SlotPlan(
        first=_moment(body.first),
        minutes=body.minutes,
        in_a_row=body.in_a_row,
        weeks=body.weeks,
        cancel_hours=body.cancel_hours,
        place=body.place or "",
    )
    done = service.open_slots(me.id, listing_id, plan)
    return {"opened": done.opened, "left_out": done.left_out}, 201


@api.delete("/slots/<slot_id>")
@operation("Close a time of one’s own", answers=None, status=204, refuses=[403, 409])
def delete_slot(slot_id: SlotId) -> ResponseReturnValue:
    service.close_slot(caller().id, slot_id)
    return "", 204


@api.post("/slots/<slot_id>/book")
@operation(
    "Book a time",
    about="It is an order that the seller has agreed to. 409 `slot_taken`: somebody was faster. "
    "Send an `Idempotency-Key`.",
    takes=BookBody,
    answers=MarketBooking,
    status=201,
    refuses=[403, 409],
)
def post_booking(slot_id: SlotId, body: BookBody) -> ResponseReturnValue:
    me = caller()
    check_rate(f"order:{me.id}", "30/hour")
    booking_id, _order = service.book(me.id, slot_id, body.payment or "in_person")
    answer = booking_json(queries.get_booking(me.id, booking_id))
    return answer, 201, {"Location": f"/api/v1/bookings/{booking_id}"}


@api.get("/bookings")
@operation("What the caller has booked, and what is booked with them", query=Paging, answers=BookingPage)
def list_bookings(query: Paging) -> ResponseReturnValue:
    now = clock.now()
    since = max(_cursor(query.cursor) or now, now)
    found = queries.bookings_of(caller().id, since, now + FARTHEST)
    most = query.most()
    more = encode_cursor(found[most].starts_at.isoformat()) if len(found) > most else None
    return {"items": [booking_json(one) for one in found[:most]], "next": more}


@api.get("/bookings/<booking_id>")
@operation("One booking, with what the caller may do now", answers=MarketBooking)
def read_booking(booking_id: BookingId) -> ResponseReturnValue:
    return booking_json(queries.get_booking(caller().id, booking_id))


@api.post("/bookings/<booking_id>/<any(move, agree, decline, no_show):action>")
@operation(
    "Do what `actions` of the booking offers",
    about="`move` suggests a free time, `agree` takes it, `decline` keeps the old one, `no_show` notes that the other "
    "did not come. 409 `slot_taken`: somebody was faster.",
    takes=MoveBody,
    answers=MarketBooking,
    refuses=[403, 409],
)
def post_booking_action(booking_id: BookingId, action: str, body: MoveBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"order-act:{me}", "120/hour")
    match action:
        case "move":
            service.propose_move(me, booking_id, SlotId(body.slot or ""))
        case "agree":
            service.agree_to_move(me, booking_id)
        case "decline":
            service.decline_move(me, booking_id)
        case _:
            service.note_no_show(me, booking_id)
    return booking_json(queries.get_booking(me, booking_id))


def booking_json(one: BookingView) -> dict[str, Any]:
    """All of a booking, for one of the two."""
    return {
        "id": one.id,
        "order": one.order_id,
        "listing": one.listing_id,
        "title": one.title,
        "place": one.place,
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
        "cancel_by": one.cancel_by.isoformat(),
        "stage": one.stage,
        "role": one.role,
        "other": one.other.handle,
        "proposed": _slot_json(one.proposed) if one.proposed else None,
        "missed": sorted(one.missed),
        "actions": sorted(one.can),
        "url": one.url,
    }


def _slot_json(one: SlotView) -> dict[str, Any]:
    return {
        "id": one.id,
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
        "cancel_hours": one.cancel_hours,
    }


def _cursor(text: str | None) -> datetime | None:
    key = decode_cursor(text, datetime)
    return key[0] if key else None


def _moment(text: str | None) -> datetime:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError as problem:
        raise Invalid("Write a time with its UTC offset.", code="bad_time") from problem
    if found.tzinfo is None:
        raise Invalid("Write a time with its UTC offset.", code="bad_time")
    return found
