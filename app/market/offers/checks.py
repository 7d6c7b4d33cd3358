"""What must hold of every offer."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from app.market.offers.models import Offer, OfferItemRow, OfferStep
from app.market.offers.queries import KIND
from app.market.offers.values import State
from app.market.orders.models import Order
from app.platform.database import db


def run() -> list[str]:
    """Its history, what it is about, and the orders that came of it."""
    return [*_history(), *_items(), *_orders()]


def _history() -> Iterator[str]:
    count = select(func.count()).where(OfferStep.offer_id == Offer.id).correlate(Offer).scalar_subquery()
    last = select(func.max(OfferStep.seq)).where(OfferStep.offer_id == Offer.id).correlate(Offer).scalar_subquery()
    for ident in db.session.scalars(select(Offer.id).where(or_(Offer.steps != count, Offer.steps != last))):
        yield f"offer {ident}: its history has a gap"
    bid = and_(OfferStep.offer_id == Offer.id, OfferStep.seq == Offer.bid)
    wrong = or_(
        OfferStep.amount_minor.is_(None), OfferStep.amount_minor != Offer.amount_minor, OfferStep.side != Offer.by
    )
    for ident in db.session.scalars(select(Offer.id).outerjoin(OfferStep, bid).where(wrong)):
        yield f"offer {ident}: what is on the table was never said"


def _items() -> Iterator[str]:
    is_open = Offer.state == State.OPEN.value
    wrong = select(OfferItemRow.offer_id).join(Offer).where(OfferItemRow.open != is_open).distinct()
    for ident in db.session.scalars(wrong):
        yield f"offer {ident}: its items are not as open as it is"


def _orders() -> Iterator[str]:
    """Each thing of an accepted offer has its order, together for the amount; no other offer has one."""
    made = (
        select(Order.source_id, func.count().label("many"), func.sum(Order.total_minor).label("total"))
        .where(Order.source_kind == KIND)
        .group_by(Order.source_id)
        .subquery()
    )
    things = select(func.count()).where(OfferItemRow.offer_id == Offer.id).correlate(Offer).scalar_subquery()
    accepted = Offer.state == State.ACCEPTED.value
    query = (
        select(Offer.id)
        .outerjoin(made, made.c.source_id == Offer.id)
        .where(
            or_(
                and_(accepted, or_(made.c.many.is_(None), made.c.many != things, made.c.total != Offer.amount_minor)),
                and_(~accepted, made.c.many.is_not(None)),
            )
        )
    )
    for ident in db.session.scalars(query):
        yield f"offer {ident}: its orders are not what was agreed"


CHECKS = {"offers": run}
