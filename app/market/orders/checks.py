"""What must hold of every order: its thing is set aside for it, and no stage is without its money."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select, union_all

from app.market.orders.goods import made_of_others
from app.market.orders.models import Order, OrderStep
from app.market.orders.queries import KIND
from app.market.orders.values import Stage
from app.market.stock.models import Stock
from app.payments.escrow.models import PaymentRow
from app.payments.escrow.values import State
from app.platform.database import db

_AFTER = (Stage.HANDED_OVER, Stage.SHIPPED, Stage.RECEIVED, Stage.COMPLETED)
_WITH_MONEY = (State.PAID, State.RELEASED, State.REFUNDED)


def run() -> list[str]:
    """Stock, money and history of all orders."""
    return [*_stock(), *_money(), *_history()]


def _stock() -> Iterator[str]:
    wanted_now = [select(Order.thing_kind, Order.thing_id, Order.quantity).where(Order.stage != Stage.CANCELLED.value)]
    for kind, statement in made_of_others().items():
        parts = statement.subquery()
        wanted_now.append(
            select(parts.c.thing_kind, parts.c.thing_id, parts.c.quantity * Order.quantity)
            .join(Order, and_(Order.thing_kind == kind, Order.thing_id == parts.c.whole_id))
            .where(Order.stage != Stage.CANCELLED.value)
        )
    each = union_all(*wanted_now).subquery()
    ordered = (
        select(each.c.thing_kind, each.c.thing_id, func.sum(each.c.quantity).label("wanted"))
        .group_by(each.c.thing_kind, each.c.thing_id)
        .subquery()
    )
    query = (
        select(Stock.thing_kind, Stock.thing_id, Stock.taken, Stock.total, func.coalesce(ordered.c.wanted, 0))
        .outerjoin(ordered, and_(ordered.c.thing_kind == Stock.thing_kind, ordered.c.thing_id == Stock.thing_id))
        .where(or_(Stock.taken != func.coalesce(ordered.c.wanted, 0), Stock.taken > Stock.total))
    )
    for kind, ident, taken, total, wanted in db.session.execute(query):
        yield f"{kind} {ident}: {taken} of {total} are taken, orders have {wanted}"


def _money() -> Iterator[str]:
    query = (
        select(Order.id, Order.stage, PaymentRow.state)
        .outerjoin(PaymentRow, and_(PaymentRow.subject_kind == KIND, PaymentRow.subject_id == Order.id))
        .where(
            Order.total_minor > 0,
            or_(
                PaymentRow.id.is_(None),
                PaymentRow.amount_minor != Order.total_minor,
                and_(Order.stage.in_([one.value for one in _AFTER]), PaymentRow.state.not_in(_WITH_MONEY)),
                and_(Order.stage == Stage.CANCELLED.value, PaymentRow.state.in_([State.PROMISED, State.EXPECTED])),
            ),
        )
    )
    for ident, stage, state in db.session.execute(query):
        yield f"order {ident}: it is {stage}, its payment is {state or 'missing'}"


def _history() -> Iterator[str]:
    count = select(func.count()).where(OrderStep.order_id == Order.id).correlate(Order).scalar_subquery()
    last = select(func.max(OrderStep.seq)).where(OrderStep.order_id == Order.id).correlate(Order).scalar_subquery()
    wrong = select(Order.id).where(or_(Order.steps != count, Order.steps != func.coalesce(last, 0)))
    for ident in db.session.scalars(wrong):
        yield f"order {ident}: its history has a gap"


CHECKS = {"orders": run}
