"""A cart over several sellers becomes a group of orders, all of it or nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.community.purchases.queries import has_bought
from app.community.recommendations.service import recommend
from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid
from app.kernel.ids import CartId, ListingId, MemberId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.listings.queries import get_listing
from app.market.orders import checks as order_checks
from app.market.orders.models import Order
from app.market.orders.queries import get_order
from app.market.orders.service import act, place_order
from app.market.orders.values import Action, Given, Placing, Stage
from app.market.stock.queries import left_of
from app.market.terms.service import choose_terms
from app.merchants.carts import queries, rules, service
from app.merchants.carts.values import Checkout, Choice, Trouble
from app.merchants.catalogue.queries import used_nearby
from app.merchants.catalogue.service import save_shipping_option, save_tax_rate
from app.merchants.catalogue.values import KIND
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.carts import MEET, order_all
from tests.support.orders import ADDRESS, Deal, bring, sell
from tests.support.people import MemberFactory
from tests.support.stores import Shop, shop, variant


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def pots(app: Flask, member: MemberFactory) -> Shop:
    return shop(member("olga", role="merchant"), "pots")


def thing(one: Shop) -> Subject:
    return Subject(KIND, one.variant)


def left(one: Shop) -> int:
    return left_of(KIND, [one.variant])[one.variant]


def test_a_cart_over_two_sellers_becomes_one_order_for_each(ana: MemberId, pots: Shop, member: MemberFactory) -> None:
    lamp = Subject("listing", sell(member("bo")))
    service.put(ana, thing(pots), 2)
    service.put(ana, lamp, 1)
    group = queries.get_group(ana, order_all(ana))
    assert sorted((card.other.handle, card.total.minor) for card, _thing in group) == [("bo", 4000), ("olga", 5000)]
    assert left(pots) == 3
    assert get_listing(ana, ListingId(lamp.id)).card.status == "reserved"
    assert queries.cart_of(ana).lines == ()
    assert order_checks.run() == []


def test_a_cancelled_order_gives_all_its_things_back(ana: MemberId, pots: Shop) -> None:
    blue = variant(pots.owner, pots.item, 2600, 4, "Blue")
    service.put(ana, thing(pots), 2)
    service.put(ana, Subject(KIND, blue), 3)
    ((card, snapshot),) = queries.get_group(ana, order_all(ana))
    assert [line.quantity for line in snapshot.lines] == [2, 3]
    act(ana, card.id, Action.CANCEL, Given(reason="too many"))
    assert left(pots) == 5
    assert left_of(KIND, [blue]) == {blue: 4}
    assert order_checks.run() == []


def test_what_is_gone_orders_nothing_and_is_named(ana: MemberId, pots: Shop, member: MemberFactory) -> None:
    lamp = Subject("listing", sell(member("bo")))
    service.put(ana, thing(pots), 2)
    service.put(ana, lamp, 1)
    cart = queries.cart_of(ana)
    assert cart.id is not None
    chosen = {part.key: MEET for part in cart.parts}
    seen = rules.fingerprint(cart, service.bills_of(cart, chosen))
    cem = member("cem")
    place_order(cem, Placing(buyer_id=cem, subject=lamp))
    with pytest.raises(rules.CartChanged):
        service.check_out(ana, cart.id, Checkout(choices=chosen, seen=seen))
    assert db.session.scalar(select(func.count()).where(Order.buyer_id == ana)) == 0
    assert left(pots) == 5
    after = queries.cart_of(ana)
    assert [(line.title, line.trouble) for line in after.gone] == [("Lamp", Trouble.GONE)]
    service.put(ana, lamp, 0)
    assert len(queries.get_group(ana, order_all(ana))) == 1


def test_another_price_is_shown_before_anything_is_ordered(ana: MemberId, pots: Shop) -> None:
    service.put(ana, thing(pots), 1)
    cart = queries.cart_of(ana)
    assert cart.id is not None
    chosen = {part.key: MEET for part in cart.parts}
    seen = rules.fingerprint(cart, service.bills_of(cart, chosen))
    variant(pots.owner, pots.item, 3000, 5)
    with pytest.raises(rules.CartChanged):
        service.check_out(ana, cart.id, Checkout(choices=chosen, seen=seen))
    (line,) = queries.cart_of(ana).lines
    assert (line.before, line.price) == (Money(2500, "EUR"), Money(3000, "EUR"))
    ((card, _thing),) = queries.get_group(ana, order_all(ana))
    assert card.total == Money(3000, "EUR")


def test_more_than_there_are_is_said_in_the_cart(ana: MemberId, pots: Shop) -> None:
    service.put(ana, thing(pots), 9)
    (line,) = queries.cart_of(ana).lines
    assert (line.trouble, line.left) == (Trouble.TOO_MANY, 5)
    assert not queries.cart_of(ana).ready


def test_shipping_and_tax_are_in_the_order(ana: MemberId, pots: Shop) -> None:
    save_shipping_option(pots.owner, "Parcel", Money(490, "EUR"), Money(10000, "EUR"))
    save_tax_rate(pots.owner, "", 1900, clock.now().date())
    service.put(ana, thing(pots), 2)
    (part,) = queries.cart_of(ana).parts
    sent = Choice(delivery="ship", payment="bank_transfer", shipping=part.shipping[0].id)
    ((card, snapshot),) = queries.get_group(ana, order_all(ana, {part.key: sent}, ADDRESS))
    assert card.total == Money(5490, "EUR")
    assert snapshot.tax == Money(798 + 78, "EUR")
    assert get_order(pots.owner, card.id).address == ADDRESS


def test_a_store_that_does_not_ship_is_met(ana: MemberId, pots: Shop) -> None:
    service.put(ana, thing(pots), 1)
    (part,) = queries.cart_of(ana).parts
    with pytest.raises(Invalid):
        order_all(ana, {part.key: Choice(delivery="ship", payment="bank_transfer")}, ADDRESS)


def test_an_order_of_a_cart_goes_its_way_to_the_end(ana: MemberId, pots: Shop) -> None:
    save_shipping_option(pots.owner, "Parcel", Money(0, "EUR"))
    service.put(ana, thing(pots), 1)
    (part,) = queries.cart_of(ana).parts
    sent = Choice(delivery="ship", payment="bank_transfer", shipping=part.shipping[0].id)
    ((card, _thing),) = queries.get_group(ana, order_all(ana, {part.key: sent}, ADDRESS))
    act(pots.owner, card.id, Action.CONFIRM)
    act(ana, card.id, Action.PAY)
    act(pots.owner, card.id, Action.MARK_PAID)
    act(pots.owner, card.id, Action.SHIP, Given(carrier="DHL", tracking="JD01"))
    act(ana, card.id, Action.RECEIVE)
    act(ana, card.id, Action.COMPLETE)
    assert get_order(ana, card.id).card.stage is Stage.COMPLETED
    assert order_checks.run() == []


def test_sent_again_it_is_the_same_group(ana: MemberId, pots: Shop) -> None:
    service.put(ana, thing(pots), 1)
    cart_id = queries.cart_of(ana).id
    assert cart_id is not None
    group = order_all(ana)
    assert service.check_out(ana, cart_id, Checkout(choices={}, seen="")) == group
    with pytest.raises(rules.CartChanged):
        service.check_out(pots.owner, cart_id, Checkout(choices={}, seen=""))
    assert left(pots) == 4


def test_nobody_buys_of_themselves_or_more_than_a_cart_holds(ana: MemberId, pots: Shop) -> None:
    with pytest.raises(Forbidden):
        service.put(pots.owner, thing(pots), 1)
    for quantity in (-1, 1000):
        with pytest.raises(Invalid):
            service.put(ana, thing(pots), quantity)
    with pytest.raises(rules.CartChanged):
        service.check_out(ana, CartId("none"), Checkout(choices={}, seen=""))


def test_a_sellers_terms_hold_in_the_cart_too(ana: MemberId, member: MemberFactory) -> None:
    bo = member("bo")
    choose_terms(bo, steps=1, ways=0, beyond="prepay", percent=20, verified=False)
    service.put(ana, Subject("listing", sell(bo)), 1)
    with pytest.raises(Invalid) as refusal:
        order_all(ana)
    assert refusal.value.error_code == "terms_prepay"
    (part,) = queries.cart_of(ana).parts
    before = Choice(delivery="meet", payment="bank_transfer")
    ((_card, snapshot),) = queries.get_group(ana, order_all(ana, {part.key: before}))
    assert snapshot.terms


def test_what_was_bought_is_on_record(ana: MemberId, pots: Shop) -> None:
    service.put(ana, thing(pots), 1)
    ((card, _thing),) = queries.get_group(ana, order_all(ana))
    bring(Deal(ana, pots.owner, ListingId(""), card.id), Stage.COMPLETED)
    run_reactions()
    assert has_bought(ana, pots.item)


def test_the_checkout_says_who_recommends_what_is_ordered(ana: MemberId, pots: Shop, member: MemberFactory) -> None:
    bo = member("bo")
    vouch(ana, bo, "trust")
    recommend(bo, pots.item, "recommend", text="It pours well.")
    service.put(ana, thing(pots), 1)
    said = queries.said_of(ana, queries.cart_of(ana))[pots.variant]
    assert said.recommending == 1
    assert said.trail is not None


def test_before_you_buy_the_closest_who_offer_it_are_named(ana: MemberId, pots: Shop, member: MemberFactory) -> None:
    bo, stranger = member("bo"), member("stranger")
    vouch(ana, bo, "trust")
    mine = sell(bo, "Teapot")
    sell(stranger, "Teapot")
    sell(ana, "Teapot")
    run_reactions()
    found = used_nearby(ana, "Teapot")
    assert [one.id for one in found] == [mine]
    assert found[0].trail is not None
    assert used_nearby(None, "Teapot") == []
