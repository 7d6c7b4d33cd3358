"""A coupon is held for a checkout, used by an order, given back when the order is called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.orders.service import act
from app.market.orders.values import Action, Given, LineKind
from app.merchants.carts import queries as carts
from app.merchants.carts import service as cart_service
from app.merchants.catalogue.values import KIND
from app.merchants.coupons import checks, rules, service
from app.merchants.coupons.queries import coupons_of, held_for
from app.merchants.coupons.values import CouponDraft, Worth
from app.platform.database import unit_of_work
from app.platform.event_log import run_reactions
from tests.support.carts import order_all
from tests.support.people import MemberFactory
from tests.support.stores import Shop, shop, variant

TEN = CouponDraft(code="ten", worth=Worth(minimum=Money(0, "EUR"), percent=10))


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def pots(app: Flask, member: MemberFactory) -> Shop:
    return shop(member("olga", role="merchant"), "pots")


def hold(buyer: MemberId, one: Shop, checkout: str, code: str = "TEN") -> None:
    with unit_of_work():
        service.hold_within(buyer, one.store, code, checkout, Money(2500, "EUR"))


def taken(one: Shop) -> int:
    return coupons_of(one.store)[0].taken


def test_the_discount_is_shared_to_the_last_cent(ana: MemberId, pots: Shop) -> None:
    service.save_coupon(pots.owner, replace(TEN, worth=Worth(minimum=Money(0, "EUR"), amount=Money(1000, "EUR"))))
    for options in ("Blue", "Red"):
        cart_service.put(ana, Subject(KIND, variant(pots.owner, pots.item, 2500, 4, options)), 1)
    cart_service.put(ana, Subject(KIND, pots.variant), 1)
    cart_service.use_code(ana, pots.store, " ten ")
    ((card, thing),) = carts.get_group(ana, order_all(ana))
    assert card.total == Money(6500, "EUR")
    assert [line.total.minor for line in thing.lines if line.kind is LineKind.DISCOUNT] == [-1000]
    assert taken(pots) == 1
    assert checks.run() == []


def test_a_cancelled_order_gives_the_coupon_back(ana: MemberId, pots: Shop) -> None:
    service.save_coupon(pots.owner, replace(TEN, uses_most=1, each_most=1))
    cart_service.put(ana, Subject(KIND, pots.variant), 1)
    cart_service.use_code(ana, pots.store, "TEN")
    ((card, _thing),) = carts.get_group(ana, order_all(ana))
    assert card.total == Money(2250, "EUR")
    act(ana, card.id, Action.CANCEL, Given(reason="changed my mind"))
    run_reactions()
    run_reactions()
    assert taken(pots) == 0
    hold(ana, pots, "another")
    assert checks.run() == []


def test_the_last_one_goes_to_one_checkout_and_comes_back_after_its_time(
    ana: MemberId, pots: Shop, member: MemberFactory
) -> None:
    service.save_coupon(pots.owner, replace(TEN, uses_most=1))
    bo = member("bo")
    hold(ana, pots, "a")
    hold(ana, pots, "a")  # again: the same
    with pytest.raises(rules.CouponUsedUp):
        hold(bo, pots, "b")
    with clock.freeze(clock.now() + rules.HELD_FOR + timedelta(seconds=1)):
        assert held_for("a") == {}
        assert service.lapse() == 1
        hold(bo, pots, "b")
        assert set(held_for("b")) == {pots.store}
    assert checks.run() == []


def test_one_person_takes_no_more_than_their_share(ana: MemberId, pots: Shop, member: MemberFactory) -> None:
    service.save_coupon(pots.owner, replace(TEN, each_most=1))
    hold(ana, pots, "a")
    with pytest.raises(rules.CouponUsedUp):
        hold(ana, pots, "b")
    assert taken(pots) == 1
    hold(member("bo"), pots, "c")


def test_what_is_ended_not_begun_or_below_the_minimum_is_refused(ana: MemberId, pots: Shop) -> None:
    now = clock.now()
    for code, draft in {
        "early": replace(TEN, code="early", valid_from=now + timedelta(days=1)),
        "late": replace(TEN, code="late", valid_from=now - timedelta(days=2), valid_until=now - timedelta(days=1)),
        "dear": replace(TEN, code="dear", worth=Worth(minimum=Money(9000, "EUR"), percent=10)),
        "other": replace(TEN, code="other", worth=Worth(minimum=Money(0, "SEK"), percent=10)),
    }.items():
        service.save_coupon(pots.owner, draft)
        with pytest.raises(Invalid):
            hold(ana, pots, "a", code)
    with pytest.raises(rules.CouponUnknown):
        hold(ana, pots, "a", "nothing")
    service.save_coupon(pots.owner, TEN)
    for one in coupons_of(pots.store):
        service.end_coupon(pots.owner, one.id)
    with pytest.raises(rules.CouponUnknown):
        hold(ana, pots, "a")


def test_another_code_takes_the_place_of_the_first(ana: MemberId, pots: Shop) -> None:
    service.save_coupon(pots.owner, TEN)
    service.save_coupon(pots.owner, replace(TEN, code="half", worth=Worth(minimum=Money(0, "EUR"), percent=50)))
    hold(ana, pots, "a")
    hold(ana, pots, "a", "half")
    assert held_for("a")[pots.store].code == "HALF"
    assert {one.code: one.taken for one in coupons_of(pots.store)} == {"TEN": 0, "HALF": 1}


def test_a_held_coupon_that_ran_out_orders_nothing_at_the_full_price(ana: MemberId, pots: Shop) -> None:
    service.save_coupon(pots.owner, TEN)
    cart_service.put(ana, Subject(KIND, pots.variant), 1)
    cart_service.use_code(ana, pots.store, "TEN")
    with pytest.raises(Exception, match="changed"):
        order_all(ana, later=rules.HELD_FOR + timedelta(seconds=1))
    assert carts.cart_of(ana).lines
