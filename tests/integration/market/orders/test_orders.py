"""An order from the first press to the end: who may do what when, and what becomes of the thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import ListingId, MemberId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.fulfilment.queries import shown_code
from app.market.fulfilment.service import WrongCode
from app.market.listings import service as listings
from app.market.listings.queries import get_listing
from app.market.orders import queries, service
from app.market.orders.rules import NotNow
from app.market.orders.values import Action, Given, Placing, Stage, Who
from app.market.stock.queries import left_of, taken_of
from app.market.stock.service import SoldOut
from app.people.blocks.service import block
from app.platform.database import EventRow, db, unit_of_work
from tests.support.orders import ADDRESS, Deal, bring, deal, order, sell
from tests.support.people import MemberFactory

BY_POST = {"delivery": "ship", "payment": "bank_transfer", "address": ADDRESS}


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def recorded() -> list[str]:
    names = select(EventRow.name).where(
        EventRow.name.like("Order%")
        | EventRow.name.like("Payment%")
        | EventRow.name.like("Meeting%")
        | EventRow.name.like("Refund%")
    )
    return list(db.session.scalars(names.order_by(EventRow.id)))


def status(listing: ListingId, viewer: MemberId) -> str:
    return get_listing(viewer, listing).card.status


def can(viewer: MemberId, made: Deal) -> set[str]:
    return set(queries.get_order(viewer, made.order).can)


def test_in_person_from_the_order_to_the_end(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo)
    seen = queries.get_order(ana, made.order)
    assert (seen.card.stage, seen.card.total, seen.card.role) == (Stage.PLACED, Money(4000, "EUR"), Who.BUYER)
    assert seen.card.next is not None
    assert (seen.card.next.action, seen.card.next.who) == (Action.CONFIRM, Who.SELLER)
    assert can(ana, made) == {"cancel"}
    assert can(bo, made) == {"confirm", "cancel"}
    assert status(made.listing, ana) == "reserved"
    bring(made, Stage.HANDED_OVER)
    assert queries.get_order(bo, made.order).money.state == "full"
    assert status(made.listing, ana) == "sold"
    assert can(ana, made) == {"receive", "open_case"}
    service.act(ana, made.order, Action.RECEIVE)
    service.act(ana, made.order, Action.COMPLETE)
    assert can(ana, made) == can(bo, made) == {"review"}
    assert recorded() == [
        *("PaymentPromised", "OrderPlaced", "OrderConfirmed", "MeetingProposed", "MeetingAgreed"),
        *("PaymentReceived", "OrderHandedOver", "OrderReceived", "OrderCompleted"),
    ]
    history = queries.get_order(bo, made.order).steps
    assert [step.seq for step in history] == list(range(1, len(history) + 1))


def test_by_post_it_is_paid_before_it_is_sent(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **BY_POST)
    with pytest.raises(NotNow):
        service.act(bo, made.order, Action.SHIP)
    service.act(ana, made.order, Action.PAY)
    assert queries.get_order(ana, made.order).money.state == "promised"
    with pytest.raises(NotNow):
        service.act(bo, made.order, Action.SHIP)
    service.act(bo, made.order, Action.MARK_PAID)
    service.act(bo, made.order, Action.SHIP, Given(carrier="Post Nord", tracking="SE 12"))
    parcel = queries.get_order(ana, made.order).handing.parcel
    assert parcel is not None
    assert parcel.url == "https://tracking.postnord.com/tracking?id=SE%2012"
    service.act(ana, made.order, Action.RECEIVE)
    assert queries.get_order(ana, made.order).card.stage == Stage.RECEIVED


def test_the_last_one_goes_to_one_and_comes_back_when_it_is_called_off(
    ana: MemberId, bo: MemberId, member: MemberFactory
) -> None:
    cem = member("cem")
    made = deal(ana, bo)
    with pytest.raises(SoldOut) as refused:
        order(cem, made.listing)
    assert (refused.value.error_code, refused.value.status) == ("sold_out", 409)
    assert taken_of(Subject("listing", made.listing)) == 1
    with pytest.raises(Invalid):
        service.act(ana, made.order, Action.CANCEL)
    service.act(ana, made.order, Action.CANCEL, Given(reason="I found another one"))
    assert status(made.listing, cem) == "active"
    assert left_of("listing", [made.listing]) == {made.listing: 1}
    order(cem, made.listing)
    assert status(made.listing, bo) == "reserved"
    assert [card.other.handle for card in queries.about(bo, Subject("listing", made.listing))] == ["cem", "ana"]


def test_what_was_agreed_stays_whatever_the_seller_writes_later(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo)
    listings.edit_listing(bo, made.listing, lambda now: type(now)(**{**_fields(now), "title": "Chair", "price": "99"}))
    seen = queries.get_order(ana, made.order)
    assert (seen.snapshot.title, seen.snapshot.price, seen.card.total) == ("Lamp", Money(4000, "EUR"), seen.card.total)


def _fields(draft: object) -> dict[str, object]:
    return {name: getattr(draft, name) for name in type(draft).__slots__}  # type: ignore[attr-defined] # a dataclass


def test_who_may_not(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    cem, made = member("cem"), deal(ana, bo)
    with pytest.raises(NotFound):
        queries.get_order(cem, made.order)
    with pytest.raises(NotFound):
        service.act(cem, made.order, Action.CANCEL, Given(reason="mine"))
    with pytest.raises(NotNow):
        service.act(ana, made.order, Action.CONFIRM)
    with pytest.raises(Forbidden):
        order(bo, sell(bo, "Chair"))
    chair = sell(bo, "Chair")
    block(bo, cem)
    with pytest.raises(NotFound):
        order(cem, chair)
    with pytest.raises(NotFound):
        service.place_order(ana, Placing(buyer_id=ana, subject=Subject("ask", chair)))


@pytest.mark.parametrize(
    "how",
    [
        {"delivery": "ship", "payment": "in_person", "address": ADDRESS},
        {"delivery": "ship", "payment": "bank_transfer"},
        {"delivery": "meet", "payment": "card"},
        {"delivery": "fly"},
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 10**9},
    ],
)
def test_what_does_not_go_together_moves_nothing(ana: MemberId, bo: MemberId, how: dict[str, str]) -> None:
    lamp = sell(bo)
    with pytest.raises((Invalid, Conflict)):
        order(ana, lamp, **how)
    assert status(lamp, ana) == "active"
    assert recorded() == []


def test_a_price_that_both_agreed_on_needs_no_further_yes(ana: MemberId, bo: MemberId) -> None:
    lamp = sell(bo)
    placing = Placing(
        buyer_id=ana,
        subject=Subject("listing", lamp),
        total=Money(3500, "EUR"),
        agreed=True,
        source_kind="offer",
        source_id="o" * 26,
    )
    with unit_of_work():
        made = service.place_within(placing)
    seen = queries.get_order(bo, made)
    assert (seen.card.stage, seen.card.total, seen.source_kind) == (Stage.CONFIRMED, Money(3500, "EUR"), "offer")
    assert recorded() == ["PaymentPromised", "OrderPlaced", "OrderConfirmed"]


def test_the_code_is_the_buyers_and_five_wrong_ones_lock_it(ana: MemberId, bo: MemberId) -> None:
    made, other = deal(ana, bo, Stage.CONFIRMED), deal(ana, bo, Stage.CONFIRMED)
    right = shown_code(made.order) or ""
    for wrong in ("", "12345", shown_code(other.order) or "", f"{int(right) ^ 1:06}", "x" * 500):
        with pytest.raises(WrongCode):
            service.act(bo, made.order, Action.HAND_OVER, Given(code=wrong))
    with pytest.raises(Conflict) as locked:
        service.act(bo, made.order, Action.HAND_OVER, Given(code=right))
    assert locked.value.error_code == "code_locked"
    with pytest.raises(Forbidden):
        service.new_code(bo, made.order)
    service.new_code(ana, made.order)
    assert shown_code(made.order) != right
    service.act(
        bo,
        made.order,
        Action.HAND_OVER,
        Given(code=f" {(shown_code(made.order) or '')[:3]} {shown_code(made.order)[3:]}"),
    )  # type: ignore[index] # it is there
    assert queries.get_order(ana, made.order).card.stage == Stage.HANDED_OVER


def test_time_and_place_are_proposed_and_agreed(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED)
    soon = clock.now() + timedelta(days=2)
    for at, place in ((None, "Café"), (clock.now() - timedelta(hours=1), "Café"), (soon, " ")):
        with pytest.raises(Invalid):
            service.act(ana, made.order, Action.PROPOSE, Given(at=at, place=place))
    service.act(ana, made.order, Action.PROPOSE, Given(at=soon, place="Café"))
    assert "agree" not in can(ana, made)
    seen = queries.get_order(bo, made.order)
    assert seen.card.next is not None
    assert (seen.card.next.action, seen.card.next.who) == (Action.AGREE, Who.SELLER)
    service.act(bo, made.order, Action.AGREE)
    service.act(bo, made.order, Action.PROPOSE, Given(at=soon + timedelta(days=1), place="Station"))
    meeting = queries.get_order(ana, made.order).handing.meeting
    assert meeting is not None
    assert (meeting.place, meeting.agreed, meeting.proposed_by) == ("Station", False, bo)


def test_money_that_came_before_the_cancelling_goes_back(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **BY_POST)
    service.act(bo, made.order, Action.MARK_PAID)
    service.act(bo, made.order, Action.CANCEL, Given(reason="It broke"))
    assert (can(ana, made), can(bo, made)) == ({"mark_refunded"}, set())
    service.act(ana, made.order, Action.MARK_REFUNDED)
    assert queries.get_order(ana, made.order).money.refund_state == "full"
    assert can(ana, made) == set()
    assert recorded()[-3:] == ["RefundPromised", "OrderCancelled", "PaymentRefunded"]


def test_while_a_case_is_open_nothing_else_ends_it(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.HANDED_OVER)
    with unit_of_work():
        service.hold_within(made.order)
    assert can(ana, made) == can(bo, made) == set()
    assert queries.get_order(ana, made.order).card.due_at is None
    with unit_of_work():
        service.resume_within(made.order)
    assert can(ana, made) == {"receive", "open_case"}
    with unit_of_work():
        service.hold_within(made.order)
        service.settle_within(made.order)
    assert queries.get_order(ana, made.order).card.stage == Stage.COMPLETED


def test_lists_of_both_sides_by_pages(ana: MemberId, bo: MemberId) -> None:
    made = [deal(ana, bo).order for _ in range(3)]
    first, more = queries.orders_of(ana, Who.BUYER, limit=2)
    rest, end = queries.orders_of(ana, Who.BUYER, limit=2, cursor=more)
    assert [card.id for card in (*first, *rest)] == made[::-1]
    assert end is None
    assert queries.orders_of(ana, Who.SELLER) == ([], None)
    assert len(queries.orders_of(bo, Who.SELLER)[0]) == 3
