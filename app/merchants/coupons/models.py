"""Coupons, how often each was taken in all and by each person, and what for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import CouponId, CouponUseId, MemberId, OrderId, StoreId, new_id
from app.merchants.coupons.values import MAX_CODE_LENGTH, UseState
from app.platform.database import Model, UtcDateTime


class Coupon(Model):
    """A code of a store; `taken` counts those that are held for a checkout too."""

    __tablename__ = "coupon"

    id: Mapped[CouponId] = mapped_column(String(26), primary_key=True, default=new_id)
    store_id: Mapped[StoreId] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(MAX_CODE_LENGTH))
    currency: Mapped[str] = mapped_column(String(3))
    percent: Mapped[int | None]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    minimum_minor: Mapped[int] = mapped_column(BigInteger)
    uses_most: Mapped[int | None]
    each_most: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("store_id", "code"),
        CheckConstraint("(percent IS NULL) <> (amount_minor IS NULL)", name="one_worth"),
        CheckConstraint("percent > 0 AND percent <= 100", name="percent_in_range"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        # Whatever a program does wrong, it is not given out more often than was said.
        CheckConstraint("taken >= 0 AND (uses_most IS NULL OR taken <= uses_most)", name="not_overused"),
    )


class CouponPerson(Model):
    """How often one person has taken it."""

    __tablename__ = "coupon_person"

    coupon_id: Mapped[CouponId] = mapped_column(ForeignKey("coupon.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    taken: Mapped[int]

    __table_args__ = (CheckConstraint("taken >= 0", name="taken_not_negative"),)


class CouponUse(Model):
    """Held for a checkout, then used by an order or given back."""

    __tablename__ = "coupon_use"

    id: Mapped[CouponUseId] = mapped_column(String(26), primary_key=True, default=new_id)
    coupon_id: Mapped[CouponId] = mapped_column(ForeignKey("coupon.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    checkout: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(String(12), default=UseState.LOCKED.value)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    order_id: Mapped[OrderId | None] = mapped_column(ForeignKey("market_order.id", ondelete="SET NULL"), index=True)

    __table_args__ = (
        Index(
            "uq_coupon_use_live",
            "checkout",
            "coupon_id",
            unique=True,
            sqlite_where=text("state <> 'rolled_back'"),
            postgresql_where=text("state <> 'rolled_back'"),
        ),
        Index(
            "ix_coupon_use_locked",
            "until",
            sqlite_where=text("state = 'locked'"),
            postgresql_where=text("state = 'locked'"),
        ),
    )
