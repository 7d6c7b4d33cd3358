"""Who stands in for whom, and how much one person has promised in all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import GuaranteeId, HoldId, MemberId, OrderId, new_id
from app.kernel.money import Money
from app.platform.database import Model, UtcDateTime
from app.platform.money_columns import money_composite

_STANDS = text("state IN ('asked', 'promised')")


class Guarantee(Model):
    """Of one order; a promise between people, which the ledger sets aside outside of the house."""

    __tablename__ = "guarantee"

    id: Mapped[GuaranteeId] = mapped_column(String(26), primary_key=True, default=new_id)
    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"))
    buyer_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    seller_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    guarantor_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[Money] = money_composite("amount_minor", "currency")
    state: Mapped[str] = mapped_column(String(10))
    called_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    hold_id: Mapped[HoldId | None] = mapped_column(ForeignKey("ledger_posting.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        # One at a time stands in for an order.
        Index("uq_guarantee_order", "order_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_guarantee_guarantor_id_state", "guarantor_id", "state"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
    )


class GuarantorTotal(Model):
    """What a person has promised at this moment, and may at most."""

    __tablename__ = "guarantor_total"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    promised_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    limit_minor: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("promised_minor >= 0 AND promised_minor <= limit_minor", name="promised_within_limit"),
    )
