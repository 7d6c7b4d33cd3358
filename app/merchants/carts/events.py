"""What happens to carts."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import CartId, MemberId, OrderGroupId


@dataclass(frozen=True, kw_only=True)
class CartOrdered(Event):
    """A cart became a group of orders, one for each seller."""

    cart_id: CartId
    member_id: MemberId
    group_id: OrderGroupId
    orders: int
