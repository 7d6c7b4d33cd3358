"""An offer from the first amount to the order: who may say what when, and what is on the table then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.market.listings.queries import get_listing
from app.market.listings.service import edit_listing
from app.market.listings.values import ListingDraft
from app.market.offers import deadlines, queries, service
from app.market.offers.checks import run as check
from app.market.offers.rules import OfferOver
from app.market.offers.values import Side, State, Verb
from app.market.orders.queries import get_order
from app.market.orders.values import Stage
from app.market.stock.service import SoldOut
from app.people.blocks.service import block
from app.platform.database import EventRow, db
from tests.support.offers import offer, seen
from tests.support.orders import ADDRESS, order, sell
from tests.support.people import MemberFactory


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def recorded() -> list[str]:
    names = select(EventRow.name).where(EventRow.name.like("Offer%")).order_by(EventRow.id)
    return list(db.session.scalars(names))


def euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


def test_from_the_first_amount_to_the_order(ana: MemberId, bo: MemberId) -> None:
    lamp = sell(bo)
    made = offer(ana, lamp, amount="30")
    assert (seen(bo, made).can, seen(ana, made).can) == ({"accept", "counter", "decline"}, {"withdraw"})
    service.counter_offer(bo, made, "36", note="It is nearly new")
    assert (seen(ana, made).amount, seen(ana, made).note) == (euros(36), "It is nearly new")
    service.accept_offer(ana, made)
    detail = queries.get_offer(ana, made)
    assert (detail.card.state, detail.card.can) == (State.ACCEPTED, frozenset())
    [order_id] = detail.orders
    placed = get_order(ana, order_id)
    assert (placed.card.stage, placed.card.total, placed.source_kind) == (Stage.CONFIRMED, euros(36), "offer")
    assert placed.conversation_id == detail.card.conversation_id
    assert get_listing(ana, lamp).card.status == "reserved"
    assert [one.verb for one in detail.steps] == [Verb.MAKE, Verb.COUNTER, Verb.ACCEPT]
    assert recorded() == ["OfferMade", "OfferCountered", "OfferAccepted"]
    assert check() == []


def test_declining_or_withdrawing_a_counter_puts_the_bid_before_it_on_the_table_again(
    ana: MemberId, bo: MemberId
) -> None:
    made = offer(ana, sell(bo), amount="20")
    service.counter_offer(bo, made, "36")
    service.counter_offer(ana, made, "28")
    service.decline_offer(bo, made)
    assert (seen(ana, made).amount, seen(ana, made).by, seen(ana, made).back) == (euros(36), Side.SELLER, euros(20))
    service.withdraw_offer(bo, made)
    assert (seen(bo, made).amount, seen(bo, made).can) == (euros(20), {"accept", "counter", "decline"})
    service.decline_offer(bo, made)
    assert (seen(ana, made).state, seen(ana, made).can) == (State.DECLINED, frozenset())
    assert check() == []


def test_one_open_offer_of_a_buyer_for_a_thing(ana: MemberId, bo: MemberId) -> None:
    lamp = sell(bo)
    made = offer(ana, lamp, amount="20")
    with pytest.raises(Conflict) as refused:
        offer(ana, lamp, amount="30")
    assert refused.value.error_code == "offer_open"
    service.withdraw_offer(ana, made)
    assert seen(ana, offer(ana, lamp, amount="30")).amount == euros(30)


def test_a_bundle_becomes_one_order_for_each_thing(ana: MemberId, bo: MemberId) -> None:
    things = [sell(bo, f"Thing {number}", price) for number, price in enumerate(("10", "10", "13"))]
    made = offer(ana, *things, amount="25")
    service.accept_offer(bo, made)
    orders = [get_order(ana, one) for one in queries.get_offer(ana, made).orders]
    assert sorted(one.card.total.minor for one in orders) == [757, 758, 985]
    assert len({one.group_id for one in orders}) == 1
    assert orders[0].group_id is not None
    assert check() == []


def test_a_bundle_is_of_one_seller(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    with pytest.raises(Invalid):
        offer(ana, sell(bo), sell(member("cem")), amount="25")
    with pytest.raises(Invalid):
        offer(ana, sell(bo), sell(bo, currency="SEK"), amount="25")


def test_of_two_accepted_offers_one_gets_the_thing(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    lamp = sell(bo)
    hers, his = offer(ana, lamp), offer(member("cem"), lamp, amount="35")
    service.accept_offer(bo, hers)
    with pytest.raises(SoldOut):
        service.accept_offer(bo, his)
    assert seen(bo, his).state is State.OPEN
    assert check() == []


def test_nobody_answers_a_bid_that_they_have_not_read(ana: MemberId, bo: MemberId) -> None:
    made = offer(ana, sell(bo), amount="20")
    service.counter_offer(bo, made, "36")
    on_the_page = seen(ana, made).bid
    service.withdraw_offer(bo, made)
    service.counter_offer(bo, made, "38")
    with pytest.raises(OfferOver):
        service.accept_offer(ana, made, seen=on_the_page)
    service.accept_offer(ana, made, seen=seen(ana, made).bid)


def test_the_end_counts_from_the_first_bid(ana: MemberId, bo: MemberId) -> None:
    made = offer(ana, sell(bo), amount="20")
    end = seen(ana, made).ends_at
    with clock.freeze(clock.now() + timedelta(hours=36, minutes=1)) as held:
        assert deadlines.remind() == 1
        service.counter_offer(bo, made, "36")
        assert (seen(ana, made).ends_at, deadlines.remind()) == (end, 0)
        held.advance(timedelta(hours=12))
        with pytest.raises(OfferOver):
            service.accept_offer(ana, made)
        assert deadlines.end_overdue() == 1
    assert (seen(ana, made).state, seen(ana, made).why) == (State.EXPIRED, "time")
    assert recorded() == ["OfferMade", "OfferEndsSoon", "OfferCountered", "OfferEnded"]


def test_what_the_seller_has_agreed_to_beforehand_is_accepted_at_once(
    ana: MemberId, bo: MemberId, member: MemberFactory
) -> None:
    lamp = sell(bo)
    service.accept_beforehand(bo, lamp, "35")
    low = offer(ana, lamp, amount="34")
    # The seller's own last word counts, not what they said before it.
    service.counter_offer(bo, low, "38")
    service.counter_offer(ana, low, "36")
    assert seen(bo, low).state is State.OPEN
    high = offer(member("cem"), lamp, amount="35")
    assert seen(bo, high).state is State.ACCEPTED
    assert queries.get_offer(bo, high).steps[-1].side is Side.HOUSE
    with pytest.raises(Forbidden):
        service.accept_beforehand(ana, lamp, "1")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1.000", "ambiguous_amount"),
        ("-5", "bad_amount"),
        ("0", "bad_amount"),
        ("", "bad_amount"),
        ("12,505", "ambiguous_amount"),
        ("1" + "0" * 30, "bad_amount"),
        ("40", "above_price"),
        ("lots", "bad_amount"),
    ],
)
def test_an_amount_that_is_none_moves_nothing(ana: MemberId, bo: MemberId, amount: str, code: str) -> None:
    lamp = sell(bo)
    with pytest.raises(Invalid) as refused:
        offer(ana, lamp, amount=amount)
    assert (refused.value.error_code, recorded()) == (code, [])


def test_as_people_write_it(ana: MemberId, bo: MemberId) -> None:
    assert seen(ana, offer(ana, sell(bo), amount="12,50")).amount == Money(1250, "EUR")


def test_what_else_is_refused(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    lamp = sell(bo)
    with pytest.raises(Forbidden):
        offer(bo, lamp)
    with pytest.raises(Invalid) as refused:
        offer(ana, lamp, currency="SEK")
    assert refused.value.error_code == "wrong_currency"
    with pytest.raises(Invalid) as refused:
        offer(ana, lamp, quantity=2)
    assert refused.value.error_code == "bad_quantity"
    with pytest.raises(Invalid):
        offer(ana, lamp, delivery="ship", payment="bank_transfer")
    made = offer(ana, lamp, delivery="ship", payment="bank_transfer", address=ADDRESS)
    for wrong in ("30", "29", "40"):
        with pytest.raises(Invalid):
            service.counter_offer(bo, made, wrong)
    cem = member("cem")
    with pytest.raises(NotFound):
        service.accept_offer(cem, made)
    with pytest.raises(OfferOver):
        service.accept_offer(ana, made)
    order(cem, lamp)
    with pytest.raises(SoldOut):
        offer(member("dana"), lamp)


def test_a_block_stops_offers(ana: MemberId, bo: MemberId) -> None:
    lamp, other = sell(bo), sell(bo)
    made = offer(ana, lamp)
    block(bo, ana)
    with pytest.raises((Forbidden, NotFound)):
        service.accept_offer(bo, made)
    with pytest.raises((Forbidden, NotFound)):
        offer(ana, other)


def test_another_price_of_the_listing_changes_no_offer(ana: MemberId, bo: MemberId) -> None:
    lamp = sell(bo)
    made = offer(ana, lamp)
    edit_listing(
        bo,
        lamp,
        ListingDraft(
            kind="sale", title="Lamp", category="home", condition="good", price="99", currency="EUR", place="Lund"
        ),
    )
    assert seen(ana, made).asked == euros(40)
    service.accept_offer(bo, made)
    [order_id] = queries.get_offer(ana, made).orders
    assert get_order(ana, order_id).card.total == euros(30)
