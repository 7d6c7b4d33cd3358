"""Many at once want one time: one gets it. Beside it a naive twin that gives it to several."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Table, func, insert, select, update

from app.kernel.clock import clock
from app.kernel.ids import BookingId, ListingId, MemberId, SlotId, new_id
from app.market.bookings import checks, service
from app.market.bookings.models import Booking, ServiceSlot
from app.market.bookings.queries import slots_of
from app.market.listings.models import Listing
from app.market.orders import checks as order_checks
from app.market.orders.models import Order
from app.platform.database import db, unit_of_work
from tests.support.bookings import service_of
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.people import MemberFactory

WHOLE = 20
SLOT: Table = ServiceSlot.__table__  # type: ignore[assignment] # as the class cannot say


@pytest.fixture
def listing(app: Flask, member: MemberFactory) -> ListingId:
    return service_of(member("bo"))


def slots(listing: ListingId, number: int) -> list[SlotId]:
    seller = _seller(listing)
    ids = [SlotId(new_id()) for _ in range(number)]
    first = clock.now() + timedelta(days=1)
    with unit_of_work():
        db.session.execute(
            insert(SLOT),
            [
                {
                    "id": one,
                    "listing_id": listing,
                    "seller_id": seller,
                    "starts_at": first + timedelta(hours=place),
                    "ends_at": first + timedelta(hours=place + 1),
                    "cancel_hours": 24,
                    "place": "At mine",
                }
                for place, one in enumerate(ids)
            ],
        )
    return ids


def _seller(listing: ListingId) -> MemberId:
    return db.session.get_one(Listing, listing).seller_id


def test_a_time_is_taken_by_one_of_many(app: Flask, listing: ListingId) -> None:
    wanted = slots(listing, ROUNDS)

    def task(_who: int, number: int) -> str:
        with unit_of_work():
            service.take_within(wanted[number], BookingId(new_id()))
        return "taken"

    answers = Crowd(app, task, ROUNDS).run()
    assert all(one["taken"] == 1 and one["slot_taken"] == CROWD - 1 for one in answers), answers[:3]


def test_a_naive_time_is_taken_twice(app: Flask, listing: ListingId) -> None:
    """Looks whether it is free, and then takes it: all have looked before the first one takes."""
    (slot,) = slots(listing, 1)
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        taken = db.session.scalar(select(ServiceSlot.booking_id).where(ServiceSlot.id == slot))
        db.session.rollback()
        looked.wait(120)
        if taken is not None:
            return "slot_taken"
        with unit_of_work():
            db.session.execute(update(ServiceSlot).where(ServiceSlot.id == slot).values(booking_id=new_id()))
        return "taken"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["taken"] > 1


def test_a_time_is_booked_by_one_of_many(app: Flask, listing: ListingId, member: MemberFactory) -> None:
    buyers = [member(f"buyer{one}") for one in range(CROWD)]
    wanted = slots(listing, WHOLE)

    def task(who: int, number: int) -> str:
        service.book(buyers[who], wanted[number])
        return "booked"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["booked"] == 1 and one["slot_taken"] == CROWD - 1 for one in answers), answers[:3]
    assert db.session.scalar(select(func.count()).select_from(Order)) == WHOLE
    assert checks.run() + order_checks.run() == []


def test_a_move_and_a_booking_of_the_same_time(app: Flask, listing: ListingId, member: MemberFactory) -> None:
    """Whoever is faster, the time has one booking, and the moved one is in one time."""
    ana, bo = member("ana"), _seller(listing)
    buyers = [member(f"buyer{one}") for one in range(CROWD)]
    wanted = slots(listing, 2 * WHOLE)
    moving = []
    for number in range(WHOLE):
        booking, _order = service.book(ana, wanted[2 * number])
        service.propose_move(ana, booking, wanted[2 * number + 1])
        moving.append(booking)

    def task(who: int, number: int) -> str:
        if who == 0:
            service.agree_to_move(bo, moving[number])
            return "had"
        service.book(buyers[who], wanted[2 * number + 1])
        return "had"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["had"] == 1 and one["slot_taken"] == CROWD - 1 for one in answers), answers[:3]
    assert checks.run() + order_checks.run() == []
    left = slots_of(listing, clock.now(), clock.now() + timedelta(days=90), for_seller=False)
    assert len(left) == sum(db.session.get_one(Booking, one).slot_id in wanted[1::2] for one in moving)
