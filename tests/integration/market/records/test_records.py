"""Records are what the orders say, whatever is noted when and how often."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId
from app.market.orders.deadlines import end_overdue
from app.market.orders.models import Order, OrderStep
from app.market.orders.service import act
from app.market.orders.values import Action, Given, Stage, Who
from app.market.records import checks, privacy, queries, service
from app.market.records.models import MemberRecord
from app.market.records.values import Bucket, Counts
from app.people.data_requests.service import erase_member
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from tests.support.orders import ADDRESS, deal
from tests.support.people import MemberFactory

BY_POST = {"delivery": "ship", "payment": "bank_transfer", "address": ADDRESS}


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def counts(who: MemberId, role: Who) -> Counts:
    return queries.record_of(who)[role].counts


def test_what_was_done_in_time_counts_for_both(ana: MemberId, bo: MemberId) -> None:
    for _number in range(3):
        deal(ana, bo, Stage.COMPLETED, **BY_POST)
    run_reactions()
    assert counts(ana, Who.BUYER) == Counts(completed=3, on_time=3)
    assert counts(bo, Who.SELLER) == Counts(completed=3, on_time=3)
    assert counts(bo, Who.BUYER) == Counts()
    assert queries.record_of(bo)[Who.SELLER].bucket is Bucket.GOOD
    assert [step.reached for step in queries.record_of(ana)[Who.BUYER].credit] == [True, False, False]
    assert checks.run() == []


def test_what_was_not_done_counts_against_whoever_had_to(ana: MemberId, bo: MemberId) -> None:
    deal(ana, bo)  # never answered
    deal(ana, bo, Stage.CONFIRMED, **BY_POST)  # never paid
    called_off = deal(ana, bo, Stage.CONFIRMED)
    act(bo, called_off.order, Action.CANCEL, Given(reason="I keep it"))
    with clock.freeze(clock.now() + timedelta(days=3)):
        end_overdue()
    run_reactions()
    assert counts(bo, Who.SELLER) == Counts(missed=1, cancelled=1)
    assert counts(ana, Who.BUYER) == Counts(missed=1)


def test_who_did_not_come_is_counted_once_and_kept(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.COMPLETED)
    for _twice in range(2):
        service.note_no_show(made.order, bo)
    service.note_order(made.order)
    assert counts(bo, Who.SELLER) == Counts(completed=1, on_time=1, no_show=1)
    assert checks.run() == []


def test_any_order_of_notes_equals_a_rebuild_and_a_naive_recount(
    ana: MemberId, bo: MemberId, member: MemberFactory
) -> None:
    """Orders of many kinds, noted at random, twice, some never: afterwards all is as counted from nothing."""
    dice = random.Random(7)
    people = [ana, bo, member("cem"), member("dana")]
    ids: list[OrderId] = []
    for _number in range(16):
        buyer, seller = dice.sample(people, 2)
        stage = dice.choice([Stage.PLACED, Stage.CONFIRMED, Stage.CANCELLED, Stage.COMPLETED, Stage.COMPLETED])
        ids.append(deal(buyer, seller, stage, **dice.choice([BY_POST, {}])).order)
    for order_id in dice.choices(ids, k=40):
        service.note_order(order_id)
    with unit_of_work():
        # Some took longer than they should have.
        for order_id in dice.sample(ids, 6):
            late = [OrderStep.action.in_(["pay", "ship"]), OrderStep.order_id == order_id]
            moved = clock.now() + timedelta(days=20)
            db.session.execute(update(OrderStep).where(*late).values(at=moved))
    for order_id in ids:
        service.note_order(order_id)
    assert checks.run() == []
    noted = snapshot()
    assert noted == naive(), "as counted from the orders alone"
    service.rebuild_records(lambda _done, _all: None)
    assert snapshot() == noted


def snapshot() -> dict[tuple[int, str], tuple[int, int, int]]:
    rows = db.session.scalars(select(MemberRecord))
    found = {(row.member_id, row.role): (row.completed, row.on_time, row.late) for row in rows}
    db.session.rollback()
    return {key: value for key, value in found.items() if any(value)}


def naive() -> dict[tuple[int, str], tuple[int, int, int]]:
    """Said once more and in other words than the rules do."""
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for order in db.session.scalars(select(Order).where(Order.stage.in_(["completed", "cancelled"]))):
        at = dict(
            db.session.execute(select(OrderStep.action, OrderStep.at).where(OrderStep.order_id == order.id)).all()
        )
        done = order.stage == "completed"
        buyer, seller = sums[order.buyer_id, "buyer"], sums[order.seller_id, "seller"]
        buyer[0] += done
        seller[0] += done
        if "pay" in at:
            buyer[1 if at["pay"] - at["confirm"] <= timedelta(days=2) else 2] += 1
        if "ship" in at:
            seller[1 if at["ship"] - at["pay"] <= timedelta(days=3) else 2] += 1
        if "hand_over" in at:
            buyer[1] += 1
            seller[1] += 1
    return {key: (value[0], value[1], value[2]) for key, value in sums.items() if any(value)}


def test_sales_of_the_year(ana: MemberId, bo: MemberId) -> None:
    deal(ana, bo, Stage.COMPLETED)
    deal(ana, bo, Stage.RECEIVED)
    number, amounts = queries.sold_this_year(bo)
    assert (number, [(one.minor, one.currency) for one in amounts]) == (1, [(4000, "EUR")])
    assert queries.sold_this_year(ana) == (0, [])


def test_export_and_erasure(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.COMPLETED)
    run_reactions()
    assert privacy.export(bo)["records"]["seller"]["completed"] == 1
    assert [one["order"] for one in privacy.export(bo)["orders"]] == [made.order]
    erase_member(bo, "bo")
    assert privacy.export(bo) == {"records": {}, "orders": []}
    assert counts(ana, Who.BUYER).completed == 1
    assert checks.run() == []
