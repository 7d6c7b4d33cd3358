"""Recording that an order ended well."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId, OrderId
from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_or_ignore
from app.trust.trades.events import TradeRecorded
from app.trust.trades.models import MAX_ORDER_LENGTH, Trade


def record_trade(order_id: OrderId, truster_id: MemberId, trustee_id: MemberId) -> bool:
    """`truster_id` was well served by `trustee_id` in this order; False when nothing was written.

    Called by a reaction to a completed order with a good review. Idempotent for each order and side.
    """
    if not 0 < len(order_id) <= MAX_ORDER_LENGTH:
        raise Invalid("Order IDs can have up to 40 characters.", code="bad_order")
    if truster_id == trustee_id:
        return False
    with unit_of_work() as unit:
        both = select(Member.id).where(Member.id.in_([truster_id, trustee_id]), Member.active)
        if len(set(db.session.scalars(both))) < 2:  # one of them has left since
            return False
        row = {"order_id": order_id, "truster_id": truster_id, "trustee_id": trustee_id}
        if not insert_or_ignore(Trade, row):
            return False
        unit.record(TradeRecorded(truster_id=truster_id, trustee_id=trustee_id))
    return True
