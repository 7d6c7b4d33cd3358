"""Many who end one case at once: it ends once, and the money moves once. Beside it a naive twin that fails."""

from __future__ import annotations

import threading
from datetime import timedelta

from flask import Flask

from app.kernel.clock import clock
from app.kernel.ids import CaseId
from app.kernel.money import Money
from app.kernel.subjects import Subject
from app.market.cases import checks, deadlines, queries
from app.market.cases.service import act
from app.market.cases.values import CaseAction, CaseState
from app.market.orders import checks as order_checks
from app.market.orders.queries import KIND, get_order
from app.payments.escrow import checks as escrow_checks
from app.payments.escrow import service as escrow
from app.payments.ledger import checks as ledger_checks
from app.platform.database import db, unit_of_work
from tests.support.cases import broken
from tests.support.crowd import CROWD, Crowd
from tests.support.people import MemberFactory

ROUNDS = 12


def breaches() -> list[str]:
    return [*checks.run(), *order_checks.run(), *escrow_checks.run(), *ledger_checks.run()]


def test_a_case_ends_once(app: Flask, member: MemberFactory) -> None:
    """The seller accepts, the buyer withdraws, the clock ends it."""
    ana, bo = member("ana"), member("bo")
    made = [broken(ana, bo) for _round in range(ROUNDS)]

    def task(who: int, number: int) -> str:
        case_id: CaseId = made[number][1]
        if who % 3 == 0:
            act(ana, case_id, CaseAction.WITHDRAW)
            return "withdrawn"
        if who % 3 == 1:
            act(bo, case_id, CaseAction.ACCEPT)
            return "accepted"
        deadlines.end_overdue()
        return "clock"

    with clock.freeze(clock.now() + timedelta(days=61)):
        answers = Crowd(app, task, ROUNDS).run()
    assert all(one["withdrawn"] + one["accepted"] <= 1 for one in answers), answers[:3]
    for order, case_id in made:
        state, due = queries.get_case(ana, case_id).card.state, get_order(ana, order.order).money.refund_due
        assert state in {CaseState.DECIDED, CaseState.WITHDRAWN}
        assert due == Money(4000 if state is CaseState.DECIDED else 0, "EUR")
    assert breaches() == []


def test_a_naive_decision_gives_back_twice(app: Flask, member: MemberFactory) -> None:
    """Looks whether the case is open, and then refunds: all have looked before the first one does."""
    ana, bo = member("ana"), member("bo")
    made, case_id = broken(ana, bo)
    looked = threading.Barrier(CROWD)

    def naive(_who: int, _number: int) -> str:
        state = queries.get_case(ana, case_id).card.state
        db.session.rollback()
        looked.wait(120)
        if state is not CaseState.OPEN:
            return "not_now"
        with unit_of_work():
            escrow.refund_within(Subject(KIND, made.order), Money(1000, "EUR"))
        return "decided"

    (answers,) = Crowd(app, naive, 1).run()
    assert answers["decided"] > 1
