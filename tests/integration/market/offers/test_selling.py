"""The seller says to whom a thing goes: reserved, sold, or neither after all."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import ListingId, MemberId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.listings.queries import get_listing
from app.market.listings.service import mark_sold
from app.market.offers import selling
from app.market.offers.queries import buyers_for
from app.market.orders import checks
from app.market.orders.queries import get_order
from app.market.orders.rules import NotNow
from app.market.orders.service import act
from app.market.orders.values import Action, Given, Paid, Stage
from app.market.stock.queries import taken_of
from app.market.stock.service import SoldOut
from app.messaging.conversations.service import send_message, start_conversation
from app.payments.escrow import checks as escrow_checks
from app.payments.ledger import checks as ledger_checks
from app.people.blocks.service import block
from tests.support.orders import order, sell
from tests.support.people import MemberFactory


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def asked_about(buyer: MemberId, seller: MemberId) -> ListingId:
    lamp = sell(seller)
    place, _new = start_conversation(buyer, [seller], lamp, seller_id=seller)
    send_message(buyer, place, "first", "Is it still there?")
    return lamp


def breaches() -> list[str]:
    return [*checks.run(), *escrow_checks.run(), *ledger_checks.run()]


def test_reserved_for_somebody_and_sold_by_their_word(ana: MemberId, bo: MemberId) -> None:
    lamp = asked_about(ana, bo)
    assert [one.id for one in buyers_for(bo, get_listing(bo, lamp).card)] == [ana]
    made = selling.reserve_for(bo, lamp, ana, "35")
    assert get_listing(ana, lamp).card.status == "reserved"
    assert get_order(ana, made).card.stage is Stage.CONFIRMED
    assert "receive" in get_order(ana, made).can
    with pytest.raises(NotNow):
        act(bo, made, Action.RECEIVE)
    act(ana, made, Action.RECEIVE)
    act(ana, made, Action.COMPLETE)
    seen = get_order(bo, made)
    assert (seen.card.stage, seen.money.paid, seen.money.state) == (Stage.COMPLETED, Money(3500, "EUR"), Paid.FULL)
    assert "review" in seen.can
    assert get_listing(ana, lamp).card.status == "sold"
    with pytest.raises(Conflict):
        selling.undo_sold(bo, lamp)
    assert breaches() == []


@pytest.mark.parametrize("who", ["ana", "bo"])
def test_a_reservation_is_undone_by_either(ana: MemberId, bo: MemberId, who: str) -> None:
    lamp = asked_about(ana, bo)
    made = selling.reserve_for(bo, lamp, ana)
    act({"ana": ana, "bo": bo}[who], made, Action.CANCEL, Given(reason="It doesn’t fit"))
    assert (get_listing(ana, lamp).card.status, taken_of(Subject("listing", lamp))) == ("active", 0)
    # Once more, and to the same person.
    assert selling.reserve_for(bo, lamp, ana) != made
    assert breaches() == []


def test_an_order_of_the_buyers_own_still_needs_the_code(ana: MemberId, bo: MemberId) -> None:
    made = order(ana, sell(bo))
    act(bo, made, Action.CONFIRM)
    with pytest.raises(NotNow):
        act(ana, made, Action.RECEIVE)


def test_for_whom_and_for_how_much(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    cem = member("cem")
    lamp = asked_about(ana, bo)
    for stranger in (cem, bo):
        with pytest.raises(Invalid):
            selling.reserve_for(bo, lamp, stranger)
    with pytest.raises(Forbidden):
        selling.reserve_for(ana, lamp, bo)
    for amount in ("1.000", "0", "-5", "1" + "0" * 30, "lots"):
        with pytest.raises(Invalid):
            selling.reserve_for(bo, lamp, ana, amount)
    assert get_listing(ana, lamp).card.status == "active"
    block(ana, bo)
    with pytest.raises((Forbidden, NotFound, Invalid)):
        selling.reserve_for(bo, lamp, ana)


def test_what_somebody_has_ordered_is_not_reserved_for_another(
    ana: MemberId, bo: MemberId, member: MemberFactory
) -> None:
    lamp = asked_about(ana, bo)
    order(member("cem"), lamp)
    with pytest.raises(SoldOut):
        selling.reserve_for(bo, lamp, ana)


def test_marked_as_sold_by_mistake(ana: MemberId, bo: MemberId) -> None:
    lamp = sell(bo)
    mark_sold(bo, lamp)
    with pytest.raises(Forbidden):
        selling.undo_sold(ana, lamp)
    selling.undo_sold(bo, lamp)
    assert get_listing(ana, lamp).card.status == "active"
    selling.undo_sold(bo, lamp)
    order(ana, lamp)
    with pytest.raises(Conflict):
        selling.undo_sold(bo, lamp)
    assert breaches() == []
