"""Many at once on one cart and one coupon: one gets it. Beside each a naive twin that fails.

What is one statement is raced 200 times; a whole checkout, which is a hundred times as dear, 15 times.
"""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.kernel.ids import CartId, MemberId, OrderGroupId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.orders import checks as order_checks
from app.market.orders.models import Order
from app.market.stock.queries import taken_of
from app.merchants.carts import queries, rules, service
from app.merchants.carts.models import Cart
from app.merchants.carts.values import CartState, Checkout
from app.merchants.catalogue.values import KIND
from app.merchants.coupons import checks as coupon_checks
from app.merchants.coupons import service as coupons
from app.merchants.coupons.models import Coupon
from app.merchants.coupons.queries import coupons_of
from app.merchants.coupons.values import CouponDraft, Worth
from app.platform.database import db, unit_of_work
from app.platform.sql import transition
from tests.support.carts import MEET
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.people import MemberFactory
from tests.support.stores import Shop, shop

WHOLE = 15
OPEN, ORDERED = CartState.OPEN.value, CartState.ORDERED.value


@pytest.fixture
def pots(app: Flask, member: MemberFactory) -> Shop:
    return shop(member("olga", role="merchant"), "pots", stock=500)


def filled(member: MemberFactory, pots: Shop, many: int) -> list[tuple[MemberId, CartId, Checkout]]:
    """So many carts of so many people, ready to be ordered."""
    found = []
    for number in range(many):
        buyer = member(f"buyer{number}")
        service.put(buyer, Subject(KIND, pots.variant), 1)
        cart = queries.cart_of(buyer)
        assert cart.id is not None
        chosen = {part.key: MEET for part in cart.parts}
        seen = rules.fingerprint(cart, service.bills_of(cart, chosen))
        found.append((buyer, cart.id, Checkout(choices=chosen, seen=seen)))
    return found


def test_a_cart_is_claimed_once(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    carts = [CartId(f"{number:026}") for number in range(ROUNDS)]
    with unit_of_work():
        # Of the ordered ones there may be many: each is opened for its round.
        db.session.add_all([Cart(id=one, member_id=ana, state="waiting") for one in carts])

    def task(_who: int, number: int) -> str:
        with unit_of_work():
            won = transition(Cart, {"id": carts[number], "state": "waiting"}, {"state": ORDERED})
        return "won" if won else "late"

    answers = Crowd(app, task, ROUNDS).run()
    assert all(one["won"] == 1 for one in answers)


def test_a_cart_sent_many_times_is_ordered_once(app: Flask, member: MemberFactory, pots: Shop) -> None:
    ready = filled(member, pots, WHOLE)
    groups: list[set[OrderGroupId]] = [set() for _ in ready]

    def task(_who: int, number: int) -> str:
        buyer, cart_id, checkout = ready[number]
        groups[number].add(service.check_out(buyer, cart_id, checkout))
        return "ordered"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["ordered"] == CROWD for one in answers), answers[:3]
    assert all(len(one) == 1 for one in groups)
    assert db.session.scalar(select(func.count()).select_from(Order)) == WHOLE
    assert taken_of(Subject(KIND, pots.variant)) == WHOLE
    assert order_checks.run() == []


def test_a_naive_cart_is_ordered_twice(app: Flask, member: MemberFactory, pots: Shop) -> None:
    """Looks whether it is open, and then orders: all have looked before the first one orders."""
    ((_buyer, cart_id, _checkout),) = filled(member, pots, 1)
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        state = db.session.scalar(select(Cart.state).where(Cart.id == cart_id))
        db.session.rollback()
        looked.wait(120)
        if state != OPEN:
            return "late"
        with unit_of_work():
            db.session.execute(update(Cart).where(Cart.id == cart_id).values(state=ORDERED))
        return "ordered"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["ordered"] > 1


def test_the_last_use_of_a_coupon_goes_to_one_checkout(app: Flask, member: MemberFactory, pots: Shop) -> None:
    ana = member("ana")
    worth = Worth(minimum=Money(0, "EUR"), percent=10)
    for number in range(WHOLE):
        coupons.save_coupon(pots.owner, CouponDraft(code=f"c{number}", worth=worth, uses_most=1))

    def task(who: int, number: int) -> str:
        coupons.hold_within(ana, pots.store, f"c{number}", f"checkout {who} {number}", Money(2500, "EUR"))
        return "held"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["held"] == 1 and one["coupon_used_up"] == CROWD - 1 for one in answers), answers[:3]
    assert {one.taken for one in coupons_of(pots.store)} == {1}
    assert coupon_checks.run() == []


def test_a_naive_coupon_is_used_too_often(app: Flask, pots: Shop) -> None:
    """Looks what is left, and then takes: all have looked before the first one takes."""
    worth = Worth(minimum=Money(0, "EUR"), percent=10)
    coupons.save_coupon(pots.owner, CouponDraft(code="one", worth=worth, uses_most=1))
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        left = db.session.scalar(select(Coupon.uses_most - Coupon.taken))
        db.session.rollback()
        looked.wait(120)
        if not left:
            return "coupon_used_up"
        with unit_of_work():
            db.session.execute(update(Coupon).values(taken=1))
        return "held"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["held"] > 1
