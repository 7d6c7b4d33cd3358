"""Stores and what they sell."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId, StoreId, new_id
from app.kernel.money import Money
from app.platform.database import Model, UtcDateTime
from app.platform.money_columns import money_composite


class Store(Model):
    """One merchant's store; a merchant has at most one."""

    __tablename__ = "store"

    id: Mapped[StoreId] = mapped_column(String(26), primary_key=True, default=new_id)
    owner_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Product(Model):
    """An item on sale in a store."""

    __tablename__ = "product"

    store_id: Mapped[StoreId] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[ItemId] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, index=True)
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[Money] = money_composite("price_minor", "currency")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (CheckConstraint("price_minor >= 0", name="price_not_negative"),)
