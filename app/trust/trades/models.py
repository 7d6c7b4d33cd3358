"""Who was well served by whom, an order at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId
from app.platform.database import Model, UtcDateTime

MAX_ORDER_LENGTH = 40


class Trade(Model):
    """One completed order with a good review; each side may have one of it."""

    __tablename__ = "trade"

    order_id: Mapped[OrderId] = mapped_column(String(MAX_ORDER_LENGTH), primary_key=True)
    truster_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    trustee_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        CheckConstraint("truster_id <> trustee_id", name="not_self"),
        # Counted by pair: the tie grows with repeats.
        Index("ix_trade_truster_id_trustee_id", "truster_id", "trustee_id"),
    )
