"""What the clock does: reminds before a time runs out, and ends what nobody has done by then.

Each order in a transaction of its own, decided again inside it: whoever acts in the same moment is not overrun.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId
from app.market.orders.events import OrderDeadlineNear
from app.market.orders.models import Order
from app.market.orders.queries import find_row, situation_now
from app.market.orders.rules import DEADLINES, next_of
from app.market.orders.service import end_within, follow_payment, wait_within
from app.market.orders.values import Due, Who
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.sql import transition

AT_ONCE = 200


def remind() -> int:
    """Say to whoever has to do something that the time runs out; once for each time. Answers how many."""
    return _each(Order.remind_at, _remind)


def end_overdue() -> int:
    """End what was not done in time; answers how many."""
    return _each(Order.due_at, _end)


def _each(column: InstrumentedAttribute[datetime | None], act: Callable[[UnitOfWork, Order, datetime], bool]) -> int:
    now = clock.now()
    query = select(Order.id).where(column <= now).order_by(column).limit(AT_ONCE)
    ids: list[OrderId] = list(db.session.scalars(query))
    done = 0
    for order_id in ids:
        with unit_of_work() as unit:
            row = find_row(order_id, lock=True)
            # A card that was paid in time counts, though nobody has heard of it yet.
            done += row is not None and not follow_payment(order_id) and act(unit, row, now)
    return done


def _remind(unit: UnitOfWork, row: Order, now: datetime) -> bool:
    if row.remind_at is None or row.remind_at > now or row.due_kind is None:
        return False
    transition(Order, {"id": row.id}, {"remind_at": None})
    _say(unit, row, Due(row.due_kind))
    return True


def _end(unit: UnitOfWork, row: Order, now: datetime) -> bool:
    if row.due_at is None or row.due_at > now or row.due_kind is None:
        return False
    due = Due(row.due_kind)
    if due is Due.ARRIVAL:
        _say(unit, row, due)
        wait_within(row.id, Due.COMPLETION)
        return True
    ends = DEADLINES[due].ends
    if ends is None:
        return False
    end_within(row.id, ends)
    return True


def _say(unit: UnitOfWork, row: Order, due: Due) -> None:
    waits = next_of(situation_now(row), row.due_at)
    for member_id, other_id, who in (
        (row.buyer_id, row.seller_id, Who.BUYER),
        (row.seller_id, row.buyer_id, Who.SELLER),
    ):
        if waits is None or waits.who is who or DEADLINES[due].waits_for is None:
            unit.record(
                OrderDeadlineNear(
                    order_id=row.id, member_id=MemberId(member_id), other_id=MemberId(other_id), due=due.value
                )
            )
