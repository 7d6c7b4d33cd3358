"""What carts keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.merchants.carts.models import Cart, CartLine
from app.merchants.carts.values import CartState
from app.platform.database import db

NAME = "carts"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What is and was in the member's carts."""
    query = (
        select(Cart.id, Cart.state, CartLine.title, CartLine.quantity, CartLine.price_minor, CartLine.currency)
        .join(CartLine, CartLine.cart_id == Cart.id)
        .where(Cart.member_id == ident)
        .order_by(Cart.id, CartLine.added_at, CartLine.thing_id)
    )
    return [
        {
            "cart": row.id,
            "state": row.state,
            "title": row.title,
            "quantity": row.quantity,
            "price_minor": row.price_minor,
            "currency": row.currency,
        }
        for row in db.session.execute(query)
    ]


def erase(ident: MemberId) -> None:
    """What was not ordered goes; what was ordered is the seller's too, and stands in the orders."""
    db.session.execute(delete(Cart).where(Cart.member_id == ident, Cart.state == CartState.OPEN.value))
    ordered = select(Cart.id).where(Cart.member_id == ident)
    db.session.execute(delete(CartLine).where(CartLine.cart_id.in_(ordered)))
