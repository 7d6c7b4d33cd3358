"""Many at once on one thing and one order: one gets it. Beside each a naive twin that fails.

What is one statement is raced 200 times; a whole use case, which is a hundred times as dear, 20 or 40 times.
"""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import Table, func, select, update

from app.kernel.ids import MemberId, OrderId
from app.kernel.subjects import Subject
from app.market.listings.models import Listing
from app.market.orders import checks
from app.market.orders.models import Order, OrderStep
from app.market.orders.service import act, place_order
from app.market.orders.values import Action, Given, Placing, Stage
from app.market.stock import service as stock
from app.market.stock.models import Stock
from app.market.stock.queries import taken_of
from app.payments.escrow import checks as escrow_checks
from app.payments.ledger import checks as ledger_checks
from app.platform.database import db, unit_of_work
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.orders import order, sell
from tests.support.people import MemberFactory

WHOLE = 40
LISTING: Table = Listing.__table__  # type: ignore[assignment] # as the class cannot say


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def breaches() -> list[str]:
    return [*checks.run(), *escrow_checks.run(), *ledger_checks.run()]


def copies(listing: str, many: int) -> list[str]:
    """So many more of what this listing offers."""
    row = dict(db.session.execute(select(LISTING).where(LISTING.c.id == listing)).mappings().one())
    ids = [f"{number:026}" for number in range(many)]
    with unit_of_work():
        db.session.execute(LISTING.insert(), [{**row, "id": one} for one in ids])
    return ids


def ordered(bo: MemberId, ana: MemberId, many: int) -> list[OrderId]:
    return [order(ana, lamp) for lamp in copies(sell(bo), many)]  # type: ignore[arg-type] # ids of listings


def test_the_last_piece_is_taken_once(app: Flask) -> None:
    things = [Subject("listing", f"{number:026}") for number in range(ROUNDS)]
    for thing in things:
        stock.open_within(thing, 3)
        stock.take_within(thing, 2)

    def task(_who: int, number: int) -> str:
        stock.take_within(things[number], 1)
        return "taken"

    answers = Crowd(app, task, ROUNDS).run()
    assert all(one["taken"] == 1 and one["sold_out"] == CROWD - 1 for one in answers), answers[:3]
    assert {taken_of(thing) for thing in things} == {3}


def test_a_naive_stock_is_oversold(app: Flask) -> None:
    """Looks what is left, and then takes: all have looked before the first one takes."""
    thing = Subject("listing", "l" * 26)
    stock.open_within(thing, 1000)
    stock.take_within(thing, 999)
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        left = 1000 - taken_of(thing)
        db.session.rollback()
        looked.wait(120)
        if left < 1:
            return "sold_out"
        with unit_of_work():
            # As a program without the constraint would: what it has read, and one more.
            db.session.execute(update(Stock).where(Stock.thing_id == thing.id).values(taken=1000 - left + 1))
        return "taken"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["taken"] > 1


def test_a_thing_is_ordered_by_one_of_many(app: Flask, bo: MemberId, member: MemberFactory) -> None:
    buyers = [member(f"buyer{one}") for one in range(CROWD)]
    lamps = copies(sell(bo), WHOLE)

    def task(who: int, number: int) -> str:
        place_order(buyers[who], Placing(buyer_id=buyers[who], subject=Subject("listing", lamps[number])))
        return "ordered"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["ordered"] == 1 and one["sold_out"] == CROWD - 1 for one in answers), answers[:3]
    assert db.session.scalar(select(func.count()).select_from(Order)) == WHOLE
    assert breaches() == []


def test_an_order_is_confirmed_or_cancelled_once(app: Flask, bo: MemberId, member: MemberFactory) -> None:
    ana = member("ana")
    orders = ordered(bo, ana, WHOLE // 2)

    def task(who: int, number: int) -> str:
        # The buyer's cancelling may come before or after the yes; a second yes comes too late either way.
        if who == 0:
            act(ana, orders[number], Action.CANCEL, Given(reason="No"))
            return "cancelled"
        act(bo, orders[number], Action.CONFIRM)
        return "confirmed"

    answers = Crowd(app, task, WHOLE // 2).run()
    assert all(one["confirmed"] <= 1 and one["cancelled"] == 1 for one in answers), answers[:3]
    assert all(one["not_now"] == CROWD - 1 - one["confirmed"] for one in answers), answers[:3]
    assert set(db.session.scalars(select(Order.stage))) == {Stage.CANCELLED.value}
    assert breaches() == []


def test_a_naive_order_is_confirmed_twice(app: Flask, bo: MemberId, member: MemberFactory) -> None:
    """Reads the stage, and then writes the next one and the history."""
    (made,) = ordered(bo, member("ana"), 1)
    looked = threading.Barrier(CROWD)

    def naive(who: int, _number: int) -> str:
        stage = db.session.scalar(select(Order.stage).where(Order.id == made))
        db.session.rollback()
        looked.wait(120)
        if stage != Stage.PLACED.value:
            return "not_now"
        with unit_of_work():
            db.session.execute(update(Order).where(Order.id == made).values(stage=Stage.CONFIRMED.value))
            step = {"action": "confirm", "stage": "confirmed", "who": "seller"}
            db.session.add(OrderStep(order_id=made, seq=who + 1, **step))
        return "confirmed"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["confirmed"] > 1
    assert checks.run() != [], "the history does not fit the order"
