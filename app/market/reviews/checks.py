"""What must hold of every review."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from app.market.orders.models import Order
from app.market.orders.values import Stage
from app.market.reviews.models import Review, ReviewWindow
from app.platform.database import db


def run() -> list[str]:
    """Only from completed orders, one for each side, of each other, shown together."""
    return [*_of_orders(), *_windows()]


def _of_orders() -> Iterator[str]:
    buyer = and_(Review.role == "buyer", Review.author_id == Order.buyer_id, Review.about_id == Order.seller_id)
    seller = and_(Review.role == "seller", Review.author_id == Order.seller_id, Review.about_id == Order.buyer_id)
    wrong = (
        select(Review.id)
        .join(Order, Order.id == Review.order_id)
        .where(or_(Order.stage != Stage.COMPLETED.value, ~or_(buyer, seller)))
    )
    for ident in db.session.scalars(wrong):
        yield f"review {ident}: it is none of a completed order's two"


def _windows() -> Iterator[str]:
    written = select(func.count()).where(Review.order_id == ReviewWindow.order_id).correlate(ReviewWindow)
    hidden = written.where(Review.visible_at.is_(None)).scalar_subquery()
    wrong = select(ReviewWindow.order_id).where(
        or_(
            written.scalar_subquery() > ReviewWindow.wrote,
            and_(ReviewWindow.uncovered_at.is_not(None), hidden > 0),
            and_(ReviewWindow.uncovered_at.is_(None), written.scalar_subquery() != hidden),
        )
    )
    for ident in db.session.scalars(wrong):
        yield f"order {ident}: its reviews are not as many, or not shown as its window says"


CHECKS = {"reviews": run}
