"""Opening times, booking them, moving a booking. A time is taken by one conditional statement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import BookingId, ListingId, MemberId, OrderId, SlotId, new_id
from app.kernel.subjects import Subject
from app.market.bookings import events, rules
from app.market.bookings.models import Booking, ServiceSlot
from app.market.bookings.queries import KIND, get_row, role_in, stage_of, standing_of
from app.market.bookings.values import MOST_OPEN, Opened, SlotPlan, Span
from app.market.fulfilment.values import MAX_PLACE_LENGTH
from app.market.listings.queries import get_listing
from app.market.listings.values import ListingDetail, ListingKind, Status
from app.market.orders.goods import Goods, Offered
from app.market.orders.service import meet_at_within, place_within
from app.market.orders.values import Delivery, Payment, Placing, Snapshot, Who
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.markup import clean_line
from app.platform.sql import transition, upsert

REMINDED_BEFORE: Final = timedelta(hours=24)
AT_ONCE: Final = 200
# When the seller did not come, the buyer may call it off.
FREED_FOR: Final = timedelta(days=30)


def open_slots(actor: MemberId, listing_id: ListingId, plan: SlotPlan) -> Opened:
    """The seller opens times; what lies in the past or across another time of theirs is left out."""
    now = clock.now()
    rules.check_plan(plan, now)
    place = clean_line(plan.place, MAX_PLACE_LENGTH)
    if not place:
        raise Invalid("Enter where it takes place.", code="place_missing")
    with unit_of_work() as unit:
        require_active(actor)
        detail = get_listing(actor, listing_id)
        if detail.card.seller.id != actor:
            raise Forbidden("Only the seller can open times.", code="not_yours")
        _check_bookable(detail)
        spans = rules.spans_of(plan)
        fitting = rules.fitting(spans, _spans_of(actor, spans), now)
        if _number_ahead(listing_id) + len(fitting) > MOST_OPEN:
            raise Invalid("A listing can have up to %(most)s open times.", code="too_many", most=MOST_OPEN)
        rows = [
            {
                "id": new_id(),
                "listing_id": listing_id,
                "seller_id": actor,
                "starts_at": span.start,
                "ends_at": span.end,
                "cancel_hours": plan.cancel_hours,
                "place": place,
                "closed_at": None,
            }
            for span in fitting
        ]
        opened = 0
        if rows:
            # One that was closed is opened again, unless it is booked.
            news = ("ends_at", "cancel_hours", "place", "closed_at")
            free = ServiceSlot.booking_id.is_(None)
            opened = upsert(ServiceSlot, rows, keys=("listing_id", "starts_at"), news=news, where=free)
            unit.record(events.SlotsOpened(listing_id=listing_id, seller_id=actor, number=opened))
        return Opened(opened, len(spans) - opened)


def close_slot(actor: MemberId, slot_id: SlotId) -> None:
    """It can’t be booked any more. One that is booked is called off by its order."""
    with unit_of_work():
        row = db.session.get(ServiceSlot, slot_id, populate_existing=True)
        if row is None:
            raise NotFound("This time doesn’t exist.")
        if row.seller_id != actor:
            raise Forbidden("Only the seller can remove times.", code="not_yours")
        if row.closed_at is None and not transition(
            ServiceSlot, {"id": slot_id, "booking_id": None, "closed_at": None}, {"closed_at": clock.now()}
        ):
            raise Conflict("This time has just been booked.", code="slot_taken")


def book(actor: MemberId, slot_id: SlotId, payment: str = Payment.IN_PERSON) -> tuple[BookingId, OrderId]:
    """Take a time; it is an order that the seller has agreed to by opening it. Raises `SlotTaken`."""
    with unit_of_work():
        require_active(actor)
        slot = db.session.get(ServiceSlot, slot_id, populate_existing=True)
        if slot is None:
            raise NotFound("This time doesn’t exist.")
        detail = get_listing(actor, slot.listing_id)
        _check_bookable(detail)
        if slot.seller_id == actor:
            raise Forbidden("You can’t book your own times.", code="own_listing")
        if slot.starts_at <= clock.now():
            raise rules.SlotTaken
        booking = Booking(
            id=BookingId(new_id()),
            slot_id=slot.id,
            buyer_id=actor,
            seller_id=slot.seller_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
        take_within(slot.id, booking.id)
        db.session.add(booking)
        db.session.flush()
        order_id = place_within(
            Placing(
                buyer_id=actor,
                subject=Subject(KIND, booking.id),
                delivery=Delivery.MEET,
                payment=payment,
                source_kind=KIND,
                source_id=booking.id,
                agreed=True,
            )
        )
        booking.order_id = order_id
        db.session.flush()
        _meet(booking, slot)
        return booking.id, order_id


def take_within(slot_id: SlotId, booking_id: BookingId) -> None:
    """Of all who want it one gets it; the others are told `SlotTaken`."""
    free = {"id": slot_id, "booking_id": None, "closed_at": None}
    if not transition(ServiceSlot, free, {"booking_id": booking_id}):
        raise rules.SlotTaken


def propose_move(actor: MemberId, booking_id: BookingId, slot_id: SlotId) -> None:
    """Either side would like another time of the same service; it is nobody’s until the other agrees."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _may(actor, booking_id, "move")
        old = db.session.get_one(ServiceSlot, row.slot_id)
        new = db.session.get(ServiceSlot, slot_id, populate_existing=True)
        if new is None or new.listing_id != old.listing_id or new.starts_at <= clock.now():
            raise Invalid("Choose one of the free times.", code="bad_slot")
        if new.booking_id is not None or new.closed_at is not None:
            raise rules.SlotTaken
        row.proposed_slot_id, row.proposed_by = slot_id, actor
        unit.record(events.BookingMoveProposed(**_two(row, actor)))
        _hint(row)


def agree_to_move(actor: MemberId, booking_id: BookingId) -> None:
    """The new time is taken and the old one is free again, both or neither."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _may(actor, booking_id, "agree")
        new = db.session.get(ServiceSlot, row.proposed_slot_id, populate_existing=True)
        if new is None or new.starts_at <= clock.now():
            raise rules.SlotTaken
        take_moved = {"id": new.id, "booking_id": None, "closed_at": None}
        # A booking is in one time only: the old one lets go first.
        if not transition(ServiceSlot, {"id": row.slot_id, "booking_id": row.id}, {"booking_id": None}):
            raise Conflict("This isn’t possible at this point.", code="not_now")
        if not transition(ServiceSlot, take_moved, {"booking_id": row.id}):
            raise rules.SlotTaken
        row.slot_id, row.starts_at, row.ends_at = new.id, new.starts_at, new.ends_at
        row.proposed_slot_id = row.proposed_by = row.reminded_at = None
        db.session.flush()
        _meet(row, new)
        unit.record(events.BookingMoved(**_two(row, actor)))


def decline_move(actor: MemberId, booking_id: BookingId) -> None:
    """It stays as it was: the other side says no, or whoever asked takes it back."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _may(actor, booking_id, "decline")
        asked = row.proposed_by
        row.proposed_slot_id = row.proposed_by = None
        if asked != actor:
            unit.record(events.BookingMoveDeclined(**_two(row, actor)))
        _hint(row)


def note_no_show(actor: MemberId, booking_id: BookingId) -> None:
    """The other one did not come. A second time changes nothing."""
    with unit_of_work() as unit:
        require_active(actor)
        row = _may(actor, booking_id, "no_show")
        by_seller = role_in(row, actor) is Who.SELLER
        if by_seller:
            row.buyer_missed_at = clock.now()
        else:
            row.seller_missed_at = clock.now()
            slot = db.session.get_one(ServiceSlot, row.slot_id)
            _meet(row, slot, freed=True)
        unit.record(
            events.NoShowNoted(
                booking_id=row.id,
                order_id=_order(row),
                member_id=row.buyer_id if by_seller else row.seller_id,
                by_id=actor,
            )
        )
        _hint(row)


def remind() -> int:
    """Both are told a day before; answers of how many bookings."""
    now, done = clock.now(), 0
    query = (
        select(Booking.id)
        .where(
            Booking.reminded_at.is_(None),
            Booking.cancelled_at.is_(None),
            Booking.starts_at <= now + REMINDED_BEFORE,
        )
        .order_by(Booking.starts_at)
        .limit(AT_ONCE)
    )
    ids: list[BookingId] = list(db.session.scalars(query))
    for booking_id in ids:
        with unit_of_work() as unit:
            if not transition(Booking, {"id": booking_id, "reminded_at": None}, {"reminded_at": now}):
                continue
            row = db.session.get_one(Booking, booking_id, populate_existing=True)
            # Who booked within the day knows; what is past was only never looked at.
            if row.starts_at <= now or row.created_at > row.starts_at - REMINDED_BEFORE:
                continue
            for member_id in (row.buyer_id, row.seller_id):
                unit.record(events.BookingNear(**_two(row, member_id)))
            done += 1
    return done


def leave_within(member_id: MemberId) -> None:
    """A seller who leaves has no times any more; their orders are called off by the orders."""
    with unit_of_work():
        open_ones = (
            ServiceSlot.seller_id == member_id,
            ServiceSlot.booking_id.is_(None),
            ServiceSlot.closed_at.is_(None),
        )
        db.session.execute(update(ServiceSlot).where(*open_ones).values(closed_at=clock.now()))
        db.session.execute(update(ServiceSlot).where(ServiceSlot.seller_id == member_id).values(place=""))
        db.session.execute(
            update(Booking).where(Booking.proposed_by == member_id).values(proposed_by=None, proposed_slot_id=None)
        )


def _offered(buyer_id: MemberId, ident: str) -> Offered:
    booking = db.session.get(Booking, ident)
    if booking is None or booking.buyer_id != buyer_id:
        raise NotFound("This time doesn’t exist.")
    slot = db.session.get_one(ServiceSlot, booking.slot_id)
    detail = get_listing(buyer_id, slot.listing_id)
    card = detail.card
    if card.price is None:
        raise Invalid("The seller has to set a price first.", code="price_missing")
    when = f"{slot.starts_at:%Y-%m-%d %H:%M}–{slot.ends_at:%H:%M} UTC"
    return Offered(
        seller_id=slot.seller_id,
        snapshot=Snapshot(
            title=card.title,
            text=detail.description,
            url=card.url,
            kind=card.kind,
            price=card.price,
            photo_ids=tuple(picture.id for picture in detail.pictures),
            place=slot.place,
            terms=f"{when}; {slot.cancel_hours} h",
        ),
    )


def _release_within(ident: str) -> None:
    """The order was called off: the time can be booked again."""
    booking_id = BookingId(ident)
    with unit_of_work():
        transition(ServiceSlot, {"booking_id": booking_id}, {"booking_id": None})
        ended = {"cancelled_at": clock.now(), "proposed_slot_id": None, "proposed_by": None}
        transition(Booking, {"id": booking_id, "cancelled_at": None}, ended)


def _nothing(_ident: str) -> None:
    """The time was taken before the order was placed; once it is over it stays so."""


GOODS = Goods(offered=_offered, reserve_within=_nothing, release_within=_release_within, sell_within=_nothing)


def _check_bookable(detail: ListingDetail) -> None:
    if detail.card.kind != ListingKind.SERVICE:
        raise Invalid("Only services have times to book.", code="not_a_service")
    if detail.card.status != Status.ACTIVE:
        raise Conflict("This listing is already sold or removed.", code="listing_closed")
    if detail.card.price is None:
        raise Invalid("The seller has to set a price first.", code="price_missing")


def _may(actor: MemberId, booking_id: BookingId, what: str) -> Booking:
    row = get_row(actor, booking_id, lock=True)
    if what not in rules.doable(clock.now(), standing_of(row, stage_of(row), actor)):
        raise Conflict("This isn’t possible at this point.", code="not_now")
    return row


def _meet(row: Booking, slot: ServiceSlot, *, freed: bool = False) -> None:
    until = clock.now() + FREED_FOR if freed else rules.cancel_by(slot.starts_at, slot.cancel_hours)
    meet_at_within(_order(row), row.seller_id, slot.starts_at, slot.place, until)


def _order(row: Booking) -> OrderId:
    if row.order_id is None:
        raise RuntimeError(f"booking {row.id} has no order")
    return row.order_id


def _two(row: Booking, member_id: MemberId) -> dict[str, Any]:
    other = row.seller_id if member_id == row.buyer_id else row.buyer_id
    return {"booking_id": row.id, "order_id": row.order_id, "member_id": member_id, "other_id": other}


def _hint(row: Booking) -> None:
    with unit_of_work() as unit:
        unit.hint((f"member:{row.buyer_id}", f"member:{row.seller_id}"), "order:changed", {"id": row.order_id})


def _spans_of(seller_id: MemberId, spans: list[Span]) -> list[Span]:
    """The seller's times around these, of all their listings."""
    day = timedelta(days=1)
    query = select(ServiceSlot.starts_at, ServiceSlot.ends_at).where(
        ServiceSlot.seller_id == seller_id,
        ServiceSlot.closed_at.is_(None),
        ServiceSlot.starts_at > min(one.start for one in spans) - day,
        ServiceSlot.starts_at < max(one.end for one in spans),
    )
    return [Span(row.starts_at, row.ends_at) for row in db.session.execute(query)]


def _number_ahead(listing_id: ListingId) -> int:
    ahead = (ServiceSlot.listing_id == listing_id, ServiceSlot.starts_at > clock.now(), ServiceSlot.closed_at.is_(None))
    return db.session.execute(select(func.count()).select_from(ServiceSlot).where(*ahead)).scalar_one()
