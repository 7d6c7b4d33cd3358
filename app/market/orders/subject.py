"""What of an order others have to know: its two people keep the photos of what was ordered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Select, literal, or_, select

from app.market.orders.models import Order, OrderPhoto


def kept_photos(viewer: BindParameter[int], photo: BindParameter[str]) -> Select[Any]:
    """A photo of a thing that the viewer has bought or sold, whatever became of the listing."""
    mine = or_(Order.buyer_id == viewer, Order.seller_id == viewer)
    kept = select(literal("viewer")).select_from(OrderPhoto).join(Order, Order.id == OrderPhoto.order_id)
    return kept.where(OrderPhoto.photo_id == photo, mine)


PHOTO_KEEPERS = (kept_photos,)
