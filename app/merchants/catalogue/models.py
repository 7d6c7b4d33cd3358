"""Variants of products, ways to send them, taxes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.community.items.values import MAX_CATEGORY_LENGTH
from app.kernel.clock import clock
from app.kernel.ids import ItemId, ShippingOptionId, StoreId, VariantId, new_id
from app.kernel.money import Money
from app.merchants.catalogue.values import MAX_OPTIONS_LENGTH, MAX_SHIPPING_NAME_LENGTH, MAX_SKU_LENGTH
from app.platform.database import Model, UtcDateTime
from app.platform.money_columns import money_composite


class Variant(Model):
    """One way in which a product is sold; how many there are stands in the stock."""

    __tablename__ = "product_variant"

    id: Mapped[VariantId] = mapped_column(String(26), primary_key=True, default=new_id)
    store_id: Mapped[StoreId] = mapped_column(String(26))
    item_id: Mapped[ItemId] = mapped_column(String(26), index=True)
    options: Mapped[str] = mapped_column(String(MAX_OPTIONS_LENGTH), default="")
    sku: Mapped[str] = mapped_column(String(MAX_SKU_LENGTH), default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[Money] = money_composite("price_minor", "currency")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        UniqueConstraint("store_id", "item_id", "options"),
        # An item that was merged takes its variants along.
        ForeignKeyConstraint(
            ["store_id", "item_id"], ["product.store_id", "product.item_id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
    )


class ShippingOptionRow(Model):
    """A way in which a store sends things."""

    __tablename__ = "shipping_option"

    id: Mapped[ShippingOptionId] = mapped_column(String(26), primary_key=True, default=new_id)
    store_id: Mapped[StoreId] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(MAX_SHIPPING_NAME_LENGTH))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[Money] = money_composite("price_minor", "currency")
    free_from_minor: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("free_from_minor >= 0", name="free_from_not_negative"),
        UniqueConstraint("store_id", "name", "currency"),
    )


class TaxRateRow(Model):
    """A tax from a day on; what was valid before stays for what was sold then."""

    __tablename__ = "tax_rate"

    store_id: Mapped[StoreId] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[str] = mapped_column(String(MAX_CATEGORY_LENGTH), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[int]

    __table_args__ = (CheckConstraint("rate >= 0 AND rate < 10000", name="rate_in_range"),)
