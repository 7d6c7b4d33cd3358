"""What the clock does: each time with its reminder, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.market.listings.queries import get_listing
from app.market.orders import checks, deadlines, privacy, queries, service
from app.market.orders.models import Order
from app.market.orders.values import Action, Due, Stage
from app.market.stock.models import Stock
from app.notifications.inbox.models import NotificationRow
from app.payments.escrow import checks as escrow_checks
from app.people.accounts.service import suspend
from app.people.data_requests.service import erase_member
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from tests.support.orders import ADDRESS, Deal, bring, deal, meet
from tests.support.people import MemberFactory

BY_POST = {"delivery": "ship", "payment": "bank_transfer", "address": ADDRESS}


@pytest.fixture
def ana(app: Flask, member: MemberFactory) -> MemberId:
    return member("ana")


@pytest.fixture
def bo(app: Flask, member: MemberFactory) -> MemberId:
    return member("bo")


def after(time: timedelta) -> Any:
    """Let so much time pass, the clock of orders looks once."""
    return clock.freeze(clock.now() + time)


def seen(made: Deal, by: MemberId) -> tuple[Stage, Due | None]:
    card = queries.get_order(by, made.order).card
    return card.stage, card.due


def told(member: MemberId) -> list[str]:
    run_reactions()
    rows = select(NotificationRow.kind).where(NotificationRow.member_id == member, NotificationRow.kind.like("order%"))
    return list(db.session.scalars(rows.order_by(NotificationRow.at, NotificationRow.id)))


def breaches() -> list[str]:
    return [*checks.run(), *escrow_checks.run()]


def test_without_an_answer_it_is_called_off_after_a_reminder(ana: MemberId, bo: MemberId) -> None:
    run_reactions()
    made = deal(ana, bo)
    with after(timedelta(hours=35)):
        assert (deadlines.remind(), deadlines.end_overdue()) == (0, 0)
    with after(timedelta(hours=37)):
        assert (deadlines.remind(), deadlines.remind(), deadlines.end_overdue()) == (1, 0, 0)
    with after(timedelta(hours=49)):
        assert (deadlines.end_overdue(), deadlines.end_overdue()) == (1, 0)
    assert seen(made, ana) == (Stage.CANCELLED, None)
    assert get_listing(ana, made.listing).card.status == "active"
    assert told(bo) == ["order_placed", "order_due", "order_changed"]
    assert told(ana) == ["order_changed"]
    assert breaches() == []


@pytest.mark.parametrize(
    ("how", "steps", "due", "hours", "ends"),
    [
        (BY_POST, [], Due.TRANSFER, 48, Stage.CANCELLED),
        (BY_POST, [Action.PAY], Due.RECEIPT, 14 * 24, Stage.CANCELLED),
        (BY_POST, [Action.PAY, Action.MARK_PAID], Due.SHIPMENT, 14 * 24, Stage.CANCELLED),
        ({}, [], Due.TIME, 48, Stage.CANCELLED),
        ({}, [Action.AGREE], Due.MEETING, 15 * 24, Stage.CANCELLED),  # from the hour that was agreed
    ],
)
def test_each_thing_that_is_not_done_ends_it(
    ana: MemberId, bo: MemberId, how: dict[str, str], steps: list[Action], due: Due, hours: int, ends: Stage
) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **how)
    for action in steps:
        if action is Action.AGREE:
            meet(made)
        else:
            service.act(ana if action is Action.PAY else bo, made.order, action)
    assert seen(made, bo) == (Stage.CONFIRMED, due)
    with after(timedelta(hours=hours - 1)):
        assert deadlines.end_overdue() == 0
    with after(timedelta(hours=hours + 1)):
        assert deadlines.end_overdue() == 1
    assert seen(made, bo)[0] is ends
    refund = queries.get_order(ana, made.order).money.refund_due
    assert bool(refund) == (Action.MARK_PAID in steps)
    assert breaches() == []


def test_did_it_arrive_is_asked_and_then_it_completes_by_itself(ana: MemberId, bo: MemberId) -> None:
    run_reactions()
    made = deal(ana, bo, Stage.SHIPPED, **BY_POST)
    with after(timedelta(days=13)):
        assert deadlines.end_overdue() == 1
        assert seen(made, ana) == (Stage.SHIPPED, Due.COMPLETION)
        assert deadlines.end_overdue() == 0
    assert told(ana)[-1] == "order_due"
    with after(timedelta(days=28)):
        assert deadlines.end_overdue() == 1
    assert seen(made, ana) == (Stage.COMPLETED, None)
    assert breaches() == []


def test_times_are_the_operators(app: Flask, ana: MemberId, bo: MemberId, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = (("answer", timedelta(hours=1), None),)
    monkeypatch.setitem(app.config, "KIN", _with_times(app.config["KIN"], changed))
    made = deal(ana, bo)
    with after(timedelta(hours=2)):
        assert deadlines.end_overdue() == 1
    assert seen(made, ana)[0] is Stage.CANCELLED


def _with_times(settings: Any, changed: Any) -> Any:
    return replace(settings, order_times=changed)


def test_an_order_ends_well_when_one_side_is_gone(ana: MemberId, bo: MemberId, member: MemberFactory) -> None:
    early, late = deal(ana, bo), deal(ana, bo, Stage.SHIPPED, **BY_POST)
    suspend(member("mo", role="moderator"), bo)
    service.act(ana, late.order, Action.RECEIVE)
    erase_member(ana, "ana")
    assert seen(early, bo)[0] is Stage.CANCELLED
    assert queries.get_order(bo, late.order).address == ""
    with after(timedelta(days=15)):
        assert deadlines.end_overdue() == 1
    assert seen(late, bo)[0] is Stage.COMPLETED
    assert breaches() == []


def test_what_is_kept_of_a_person(ana: MemberId, bo: MemberId) -> None:
    deal(ana, bo, Stage.CANCELLED)
    [mine], [theirs] = privacy.export(ana), privacy.export(bo)
    assert (mine["role"], mine["notes"], theirs["role"], theirs["notes"]) == (
        *("buyer", ["I found another one"]),
        *("seller", []),
    )
    with unit_of_work():
        privacy.erase(ana)
    assert privacy.export(ana)[0]["notes"] == []


def test_breaches_are_found(ana: MemberId, bo: MemberId) -> None:
    made = deal(ana, bo, Stage.CONFIRMED, **BY_POST)
    bring(deal(ana, bo), Stage.COMPLETED)
    assert checks.run() == []
    with unit_of_work():
        db.session.execute(update(Order).where(Order.id == made.order).values(stage="shipped", steps=9))
        db.session.execute(update(Stock).where(Stock.thing_id == made.listing).values(taken=0))
    found = checks.run()
    assert len(found) == 3
    assert {one.split(":")[0] for one in found} == {f"listing {made.listing}", f"order {made.order}"}
