"""Both write in the same moment: both are shown, once. A naive twin leaves them hidden."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Table, func, insert, select, update

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId
from app.market.orders.models import Order
from app.market.orders.values import Stage
from app.market.reviews import checks
from app.market.reviews.models import Review, ReviewWindow
from app.market.reviews.service import open_window_within, uncover_within, write_review
from app.market.reviews.values import ReviewDraft
from app.platform.database import EventRow, db, unit_of_work
from tests.support.crowd import CROWD, ROUNDS, Crowd
from tests.support.orders import deal
from tests.support.people import MemberFactory

WHOLE = 30
ORDER: Table = Order.__table__  # type: ignore[assignment] # as the class cannot say


@pytest.fixture
def two(app: Flask, member: MemberFactory) -> tuple[MemberId, MemberId]:
    return member("ana"), member("bo")


def completed(two: tuple[MemberId, MemberId], many: int) -> list[OrderId]:
    """So many completed orders, all of one make."""
    made = deal(*two, Stage.COMPLETED)
    row = dict(db.session.execute(select(ORDER).where(ORDER.c.id == made.order)).mappings().one())
    ids = [OrderId(f"{number:026}") for number in range(many)]
    with unit_of_work():
        db.session.execute(ORDER.insert(), [{**row, "id": one, "source_id": one, "steps": 0} for one in ids])
    return ids


def uncovered() -> Counter[str]:
    rows = db.session.scalars(select(EventRow.payload).where(EventRow.name == "ReviewUncovered"))
    return Counter(one["order_id"] for one in rows)


def test_both_write_at_once(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    orders = completed(two, WHOLE)

    def task(who: int, number: int) -> str:
        write_review(two[who % 2], orders[number], ReviewDraft(stars=4))
        return "written"

    answers = Crowd(app, task, WHOLE).run()
    assert all(one["written"] == 2 and one["already_reviewed"] == CROWD - 2 for one in answers), answers[:3]
    assert uncovered() == dict.fromkeys(orders, 2)
    assert db.session.scalar(select(func.count()).where(Review.visible_at.is_(None))) == 0
    assert checks.run() == []


def test_they_are_uncovered_once(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    """The second review and the clock, in the same moment: one statement, raced 200 times."""
    orders = completed(two, ROUNDS)
    for order in orders:
        open_window_within(order)
    with unit_of_work():
        said = {"author_id": two[0], "about_id": two[1], "role": "buyer", "stars": 5, "text": "", "note": ""}
        rows = [{**said, "id": one, "order_id": one, "written_at": clock.now()} for one in orders]
        db.session.execute(insert(Review), rows)

    def task(_who: int, number: int) -> str:
        return "uncovered" if uncover_within(orders[number]) else "late"

    answers = Crowd(app, task, ROUNDS).run()
    assert all(one["uncovered"] == 1 and one["late"] == CROWD - 1 for one in answers), answers[:3]
    assert uncovered() == dict.fromkeys(orders, 1)


def test_a_naive_twin_uncovers_many_times(app: Flask, two: tuple[MemberId, MemberId]) -> None:
    """Looks whether it is hidden still, and then shows it."""
    (order,) = completed(two, 1)
    open_window_within(order)
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        hidden = db.session.scalar(select(ReviewWindow.uncovered_at).where(ReviewWindow.order_id == order)) is None
        db.session.rollback()
        looked.wait(120)
        if not hidden:
            return "late"
        with unit_of_work():
            shown = update(ReviewWindow).where(ReviewWindow.order_id == order).values(uncovered_at=clock.now())
            db.session.execute(shown)
        return "uncovered"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["uncovered"] > 1
