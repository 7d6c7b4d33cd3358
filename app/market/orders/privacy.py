"""What orders keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update

from app.kernel.ids import MemberId
from app.market.orders.models import Order, OrderPhoto, OrderStep
from app.market.orders.service import leave_within
from app.market.orders.values import Who
from app.platform.database import db

NAME = "orders"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What the member bought and sold."""
    rows = db.session.scalars(
        select(Order).where(or_(Order.buyer_id == ident, Order.seller_id == ident)).order_by(Order.id)
    ).all()
    notes: dict[str, list[str]] = {}
    for step in db.session.scalars(
        select(OrderStep)
        .where(OrderStep.order_id.in_([row.id for row in rows]), OrderStep.note != "")
        .order_by(OrderStep.order_id, OrderStep.seq)
    ):
        notes.setdefault(f"{step.order_id} {step.who}", []).append(step.note)
    found = []
    for row in rows:
        role = Who.BUYER if row.buyer_id == ident else Who.SELLER
        found.append(
            {
                "id": row.id,
                "role": role.value,
                "title": row.snapshot["title"],
                "stage": row.stage,
                "total_minor": row.total_minor,
                "currency": row.currency,
                "delivery": row.delivery,
                "payment": row.payment,
                "address": row.address if role is Who.BUYER else "",
                "notes": notes.get(f"{row.id} {role.value}", []),
                "at": row.created_at.isoformat(),
            }
        )
    return found


def erase(ident: MemberId) -> None:
    """Take away what the member wrote; the order itself is the other side's too, and can be brought to its end."""
    leave_within(ident)
    sold = select(Order.id).where(Order.seller_id == ident)
    db.session.execute(delete(OrderPhoto).where(OrderPhoto.order_id.in_(sold)))
    db.session.execute(update(Order).where(Order.buyer_id == ident).values(address=""))
    for column, who in ((Order.buyer_id, Who.BUYER), (Order.seller_id, Who.SELLER)):
        theirs = select(Order.id).where(column == ident)
        db.session.execute(
            update(OrderStep).where(OrderStep.order_id.in_(theirs), OrderStep.who == who.value).values(note="")
        )
