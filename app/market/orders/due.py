"""What an order waits for, and until when: written beside each of its steps."""

from __future__ import annotations

from datetime import datetime

from app.kernel.clock import clock
from app.kernel.ids import OrderId
from app.market.fulfilment.queries import handing_of
from app.market.orders import rules
from app.market.orders.models import Order
from app.market.orders.queries import deadline_of, find_row, situation_now
from app.market.orders.values import Due
from app.platform.database import db


def set_due(order_id: OrderId) -> None:
    """What the order waits for from now on; what it waited for already runs on."""
    row = find_row(order_id)
    if row is None:
        return
    due = rules.due_of(situation_now(row))
    if due is not None and row.due_kind == due.value:
        return
    write_due(row, due)


def write_due(row: Order, due: Due | None) -> None:
    """This is what it waits for, and its whole time begins."""
    limit = deadline_of(due) if due else None
    row.due_kind = due.value if due else None
    row.due_at = _begins(row, due) + limit.after if limit else None
    row.remind_at = row.due_at - limit.remind if row.due_at and limit and limit.remind else None
    db.session.flush()


def _begins(row: Order, due: Due | None) -> datetime:
    """From when on the time counts: a hand-over from the hour that was agreed, all else from now."""
    meeting = handing_of(row.id).meeting if due is Due.MEETING else None
    return max(clock.now(), meeting.at) if meeting else clock.now()
