"""What must hold of every case: an order waits while one is open, and what was decided was posted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from app.market.cases.models import CaseStep, OrderCase
from app.market.cases.values import CaseState, CaseWay
from app.market.orders.models import Order
from app.market.orders.queries import KIND as ORDER
from app.payments.escrow.models import PaymentRow
from app.platform.database import db


def run() -> list[str]:
    """Orders, money and history of all cases."""
    return [*_held(), *_ends(), *_money(), *_history()]


def _held() -> Iterator[str]:
    there = select(OrderCase.id).where(OrderCase.order_id == Order.id, OrderCase.ended_at.is_(None)).exists()
    for ident in db.session.scalars(select(Order.id).where(Order.held_at.is_not(None) != there)):
        yield f"order {ident}: it waits without an open case, or does not wait for one"


def _ends() -> Iterator[str]:
    ended = OrderCase.state.in_([CaseState.DECIDED.value, CaseState.WITHDRAWN.value])
    wrong = or_(
        ended != OrderCase.ended_at.is_not(None),
        and_(OrderCase.state == CaseState.DECIDED.value, OrderCase.outcome_minor.is_(None)),
    )
    for ident in db.session.scalars(select(OrderCase.id).where(wrong)):
        yield f"case {ident}: its state and its end do not agree"


def _money() -> Iterator[str]:
    """A decision has ended its order, and what the buyer gets has gone back or is due."""
    back = func.coalesce(PaymentRow.refunded_minor + PaymentRow.refund_due_minor, 0)
    query = (
        select(OrderCase.id, OrderCase.outcome_minor, back)
        .join(Order, Order.id == OrderCase.order_id)
        .outerjoin(PaymentRow, and_(PaymentRow.subject_kind == ORDER, PaymentRow.subject_id == Order.id))
        .where(
            OrderCase.state == CaseState.DECIDED.value,
            OrderCase.outcome_way != CaseWay.GO_ON.value,
            or_(back < OrderCase.outcome_minor, Order.stage.not_in(("completed", "cancelled"))),
        )
    )
    for ident, decided, given in db.session.execute(query):
        yield f"case {ident}: {decided} minor units were decided, {given} went back or are due"


def _history() -> Iterator[str]:
    count = select(func.count()).where(CaseStep.case_id == OrderCase.id).correlate(OrderCase).scalar_subquery()
    last = select(func.max(CaseStep.seq)).where(CaseStep.case_id == OrderCase.id).correlate(OrderCase).scalar_subquery()
    wrong = select(OrderCase.id).where(or_(OrderCase.steps != count, OrderCase.steps != func.coalesce(last, 0)))
    for ident in db.session.scalars(wrong):
        yield f"case {ident}: its history has a gap"


CHECKS = {"cases": run}
