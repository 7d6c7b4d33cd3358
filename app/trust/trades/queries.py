"""Reading what people traded."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, tuple_

from app.kernel.ids import MemberId
from app.platform.database import db
from app.trust.trades.models import Trade


def trades_among(pairs: Iterable[tuple[int, int]]) -> dict[tuple[MemberId, MemberId], int]:
    """How many orders ended well between these pairs of truster and trustee; in one statement."""
    wanted = sorted(pairs)
    if not wanted:
        return {}
    columns = (Trade.truster_id, Trade.trustee_id)
    query = select(*columns, func.count().label("orders")).where(tuple_(*columns).in_(wanted))
    rows = db.session.execute(query.group_by(*columns))
    return {(row.truster_id, row.trustee_id): row.orders for row in rows}
