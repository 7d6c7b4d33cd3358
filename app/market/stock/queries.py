"""What is left."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.kernel.subjects import Subject
from app.market.stock.models import Stock
from app.platform.database import db


def left_of(kind: str, ids: Iterable[str]) -> dict[str, int]:
    """How many can still be had of these; what was never counted is left out."""
    query = select(Stock.thing_id, (Stock.total - Stock.taken).label("left")).where(
        Stock.thing_kind == kind, Stock.thing_id.in_(list(ids))
    )
    return {row.thing_id: row.left for row in db.session.execute(query)}


def taken_of(subject: Subject) -> int:
    """How many are spoken for."""
    query = select(Stock.taken).where(Stock.thing_kind == subject.kind, Stock.thing_id == subject.id)
    return db.session.scalar(query) or 0
