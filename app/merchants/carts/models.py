"""Carts, and baskets: the things that one order is about when there are several."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import BasketId, CartId, MemberId, OrderGroupId, new_id
from app.kernel.money import Money
from app.merchants.carts.values import CartState
from app.platform.database import Json, Model, UtcDateTime
from app.platform.money_columns import money_composite


class Cart(Model):
    """What a member wants to order; open until it becomes a group of orders, once."""

    __tablename__ = "cart"

    id: Mapped[CartId] = mapped_column(String(26), primary_key=True, default=new_id)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=CartState.OPEN.value)
    group_id: Mapped[OrderGroupId | None] = mapped_column(String(26))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    ordered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_cart_open",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class CartLine(Model):
    """A thing in a cart, and what it cost when it was put in."""

    __tablename__ = "cart_line"

    cart_id: Mapped[CartId] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"), primary_key=True)
    thing_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    thing_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    quantity: Mapped[int]
    title: Mapped[str] = mapped_column(String(400))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[Money] = money_composite("price_minor", "currency")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)


class Basket(Model):
    """What one seller's part of a cart was when it was ordered; never changed."""

    __tablename__ = "basket"

    id: Mapped[BasketId] = mapped_column(String(26), primary_key=True, default=new_id)
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    kept: Mapped[dict[str, Any]] = mapped_column(Json)


class BasketLine(Model):
    """One of its things; never changed."""

    __tablename__ = "basket_line"

    basket_id: Mapped[BasketId] = mapped_column(ForeignKey("basket.id", ondelete="CASCADE"), primary_key=True)
    thing_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    thing_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    quantity: Mapped[int]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_basket_line_thing_kind_thing_id", "thing_kind", "thing_id"),
    )
