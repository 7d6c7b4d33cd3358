"""Orders and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import ConversationId, MemberId, OrderGroupId, OrderId, PhotoId, new_id
from app.kernel.money import Money
from app.market.orders.values import MAX_ADDRESS_LENGTH, MAX_REASON_LENGTH
from app.platform.database import Json, Model, UtcDateTime
from app.platform.money_columns import money_composite


class Order(Model):
    """What one person buys of another. Where its money is stands in the ledger, not here."""

    __tablename__ = "market_order"

    id: Mapped[OrderId] = mapped_column(String(26), primary_key=True, default=new_id)
    # An account that is erased keeps its row: the other side's order goes on.
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    thing_kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(String(26))
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[str | None] = mapped_column(String(26))
    quantity: Mapped[int]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[Money] = money_composite("total_minor", "currency")
    delivery: Mapped[str] = mapped_column(String(10))
    payment: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(MAX_ADDRESS_LENGTH), default="")
    stage: Mapped[str] = mapped_column(String(12))
    stage_at: Mapped[datetime] = mapped_column(UtcDateTime)
    steps: Mapped[int] = mapped_column(default=0)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    group_id: Mapped[OrderGroupId | None] = mapped_column(String(26), index=True)
    conversation_id: Mapped[ConversationId | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    due_kind: Mapped[str | None] = mapped_column(String(12))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    # While a case is open nothing runs out, and nobody ends the order alone.
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint("buyer_id <> seller_id", name="not_self"),
        # An accepted offer, a cart's line, a won auction becomes an order once.
        UniqueConstraint("source_kind", "source_id", "thing_kind", "thing_id"),
        Index("ix_market_order_buyer_id_id", "buyer_id", "id"),
        Index("ix_market_order_seller_id_id", "seller_id", "id"),
        # What waits for a seller's yes, which every page says.
        Index(
            "ix_market_order_to_confirm",
            "seller_id",
            sqlite_where=text("stage = 'placed'"),
            postgresql_where=text("stage = 'placed'"),
        ),
        Index("ix_market_order_thing_kind_thing_id", "thing_kind", "thing_id"),
    )


class OrderPhoto(Model):
    """A photo of the thing as it was ordered: kept though the seller takes it out of the listing."""

    __tablename__ = "order_photo"

    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[PhotoId] = mapped_column(
        ForeignKey("photo.id"), primary_key=True, index=True, info={"keeps": True}
    )


class OrderStep(Model):
    """One thing that was done, by whom and when; never changed."""

    __tablename__ = "order_step"

    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(12))
    who: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (CheckConstraint(f"length(note) <= {MAX_REASON_LENGTH}", name="note_length"),)
