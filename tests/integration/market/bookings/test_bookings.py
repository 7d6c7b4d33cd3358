"""Opening times, booking one, moving it, who did not come: on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import ListingId, MemberId
from app.market.bookings import checks, service
from app.market.bookings.models import ServiceSlot
from app.market.bookings.queries import bookings_of, get_booking, slots_of
from app.market.bookings.values import SlotView
from app.market.fulfilment.queries import shown_code
from app.market.listings.queries import get_listing
from app.market.orders import checks as order_checks
from app.market.orders.queries import get_order
from app.market.orders.service import act
from app.market.orders.values import Action, Given, Stage, Who
from app.notifications.inbox.models import NotificationRow
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from tests.support.bookings import plan, service_of
from tests.support.people import MemberFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday


@pytest.fixture
def three(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId, ListingId]:
    ana, bo = member("ana"), member("bo")
    return ana, bo, service_of(bo)


@pytest.fixture(autouse=True)
def at_nine(app: Flask):
    with clock.freeze(NOW) as held:
        yield held


def free(listing: ListingId) -> list[SlotView]:
    return slots_of(listing, NOW, NOW + timedelta(days=90), for_seller=False)


def sound() -> list[str]:
    return checks.run() + order_checks.run()


def test_times_repeat_by_the_sellers_clock(three: tuple[MemberId, MemberId, ListingId]) -> None:
    _ana, bo, listing = three
    zone = ZoneInfo("Europe/Stockholm")
    first = datetime(2026, 3, 23, 10, tzinfo=zone)  # a week before the clocks change
    done = service.open_slots(bo, listing, plan(first, weeks=2, in_a_row=2))
    assert (done.opened, done.left_out) == (4, 0)
    assert [one.starts_at.astimezone(zone).hour for one in free(listing)] == [10, 11, 10, 11]
    assert [one.starts_at.hour for one in free(listing)] == [9, 10, 8, 9]
    again = service.open_slots(bo, listing, plan(first, weeks=3, in_a_row=2))
    assert (again.opened, again.left_out) == (2, 4)


def test_booking_moving_and_the_code(three: tuple[MemberId, MemberId, ListingId]) -> None:
    ana, bo, listing = three
    service.open_slots(bo, listing, plan(NOW + timedelta(days=3), in_a_row=3))
    one, two, _last = free(listing)
    booking, order = service.book(ana, one.id)
    assert [slot.id for slot in free(listing)] == [two.id, _last.id]
    assert get_listing(ana, listing).card.status == "active", "a service goes on"
    seen = get_order(ana, order)
    assert (seen.card.stage, seen.source_kind) == (Stage.CONFIRMED, "booking")
    assert seen.handing.meeting is not None
    assert seen.handing.meeting.at == one.starts_at
    assert seen.card.due_at == one.starts_at + timedelta(days=14), "counted from the appointment"
    assert "propose" not in seen.can, "it is moved in the calendar"
    service.propose_move(bo, booking, two.id)
    with pytest.raises(Conflict):
        service.agree_to_move(bo, booking)
    service.agree_to_move(ana, booking)
    assert [slot.id for slot in free(listing)] == [one.id, _last.id]
    moved = get_booking(bo, booking)
    assert (moved.starts_at, moved.proposed, moved.role) == (two.starts_at, None, Who.SELLER)
    assert get_order(ana, order).handing.meeting.at == two.starts_at  # type: ignore[union-attr] # there is one
    act(bo, order, Action.HAND_OVER, Given(code=shown_code(order) or ""))
    act(ana, order, Action.RECEIVE)
    assert get_order(ana, order).card.stage is Stage.RECEIVED
    assert sound() == []


def test_a_move_is_nobodys_until_the_other_agrees(
    three: tuple[MemberId, MemberId, ListingId], member: MemberFactory
) -> None:
    ana, bo, listing = three
    cem = member("cem")
    service.open_slots(bo, listing, plan(NOW + timedelta(days=3), in_a_row=3))
    one, two, three_ = free(listing)
    booking, _order = service.book(ana, one.id)
    service.propose_move(ana, booking, two.id)
    service.book(cem, two.id)
    with pytest.raises(Conflict) as late:
        service.agree_to_move(bo, booking)
    assert late.value.error_code == "slot_taken"
    assert get_booking(ana, booking).starts_at == one.starts_at, "the old time was not given away"
    service.decline_move(bo, booking)
    assert get_booking(ana, booking).proposed is None
    with pytest.raises(NotFound):
        get_booking(cem, booking)
    with pytest.raises(Invalid):
        service.propose_move(ana, booking, one.id[:-1])  # type: ignore[arg-type] # nothing
    service.propose_move(ana, booking, three_.id)
    service.decline_move(ana, booking)
    assert sound() == []


def test_cancelled_in_time_it_can_be_booked_again(
    three: tuple[MemberId, MemberId, ListingId], at_nine: object, member: MemberFactory
) -> None:
    ana, bo, listing = three
    service.open_slots(bo, listing, plan(NOW + timedelta(days=3), cancel_hours=24))
    (one,) = free(listing)
    _booking, order = service.book(ana, one.id)
    act(ana, order, Action.CANCEL, Given(reason="Ill"))
    assert [slot.id for slot in free(listing)] == [one.id]
    assert bookings_of(ana, NOW, NOW + timedelta(days=90)) == []
    assert sound() == []
    booking, order = service.book(member("cem"), one.id)
    at_nine.advance(timedelta(days=2, minutes=1))  # type: ignore[attr-defined] # the held clock
    cem = get_booking(bo, booking).other.id
    assert "cancel" not in get_order(cem, order).can, "too late for the buyer"
    assert "cancel" in get_order(bo, order).can
    act(bo, order, Action.CANCEL, Given(reason="Ill"))
    assert sound() == []


def test_who_did_not_come_is_noted_once(three: tuple[MemberId, MemberId, ListingId], at_nine: object) -> None:
    ana, bo, listing = three
    service.open_slots(bo, listing, plan(NOW + timedelta(days=3), cancel_hours=24))
    (one,) = free(listing)
    booking, order = service.book(ana, one.id)
    with pytest.raises(Conflict):
        service.note_no_show(ana, booking)
    at_nine.advance(timedelta(days=3, minutes=20))  # type: ignore[attr-defined] # the held clock
    assert "cancel" not in get_order(ana, order).can
    service.note_no_show(ana, booking)
    with pytest.raises(Conflict):
        service.note_no_show(ana, booking)
    assert get_booking(bo, booking).missed == {Who.SELLER}
    assert "cancel" in get_order(ana, order).can, "nobody waits for a seller who did not come"
    run_reactions()
    kinds = set(db.session.scalars(select(NotificationRow.kind).where(NotificationRow.member_id == bo)))
    assert "order_changed" in kinds


def test_both_are_reminded_once_a_day_before(three: tuple[MemberId, MemberId, ListingId], at_nine: object) -> None:
    ana, bo, listing = three
    service.open_slots(bo, listing, plan(NOW + timedelta(days=3), in_a_row=2))
    service.book(ana, free(listing)[0].id)
    assert service.remind() == 0
    at_nine.advance(timedelta(days=2, minutes=1))  # type: ignore[attr-defined] # the held clock
    service.book(ana, free(listing)[0].id)
    assert service.remind() == 1, "who books within the day knows"
    assert service.remind() == 0
    run_reactions()
    told = list(db.session.scalars(select(NotificationRow.member_id).where(NotificationRow.kind == "booking_near")))
    assert sorted(told) == sorted([ana, bo])


def test_what_cant_be_opened_or_booked(three: tuple[MemberId, MemberId, ListingId], member: MemberFactory) -> None:
    ana, bo, listing = three
    for bad in (
        {"first": NOW - timedelta(hours=1)},
        {"first": NOW + timedelta(weeks=14)},
        {"minutes": 5},
        {"minutes": 13 * 60},
        {"in_a_row": 13},
        {"weeks": 13},
        {"cancel_hours": 7},
        {"place": " "},
    ):
        with pytest.raises(Invalid):
            service.open_slots(bo, listing, plan(**{"first": NOW + timedelta(days=1), **bad}))
    with pytest.raises(Forbidden):
        service.open_slots(ana, listing, plan(NOW + timedelta(days=1)))
    with pytest.raises(Invalid) as unpriced:
        cheap = service_of(bo, price=None)
        service.open_slots(bo, cheap, plan(NOW + timedelta(days=1)))
    assert unpriced.value.error_code == "price_missing"
    service.open_slots(bo, listing, plan(NOW + timedelta(days=1)))
    (one,) = free(listing)
    with pytest.raises(Forbidden):
        service.book(bo, one.id)
    service.close_slot(bo, one.id)
    with pytest.raises(DomainError) as gone:
        service.book(ana, one.id)
    assert gone.value.error_code == "slot_taken"
    assert service.open_slots(bo, listing, plan(NOW + timedelta(days=1))).opened == 1, "opened again"
    service.book(ana, one.id)
    with pytest.raises(Conflict):
        service.close_slot(bo, one.id)


def test_who_leaves_gives_the_time_back(three: tuple[MemberId, MemberId, ListingId]) -> None:
    ana, bo, listing = three
    service.open_slots(bo, listing, plan(NOW + timedelta(days=3), in_a_row=2))
    service.book(ana, free(listing)[0].id)
    assert export_member(ana)["bookings"][0]["role"] == "buyer"
    assert {one["place"] for one in export_member(bo)["bookings"] if "place" in one} == {"At mine"}
    erase_member(ana, "ana")
    assert len(free(listing)) == 2
    assert sound() == []
    erase_member(bo, "bo")
    assert free(listing) == []
    assert set(db.session.scalars(select(ServiceSlot.place))) <= {""}
