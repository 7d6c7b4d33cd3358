"""Records: a projection of orders, built again by `kinmarket rebuild records`."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import MemberId, OrderId
from app.platform.database import Model


class OrderOutcome(Model):
    """What one order says of one side; each count is 0 or 1."""

    __tablename__ = "order_outcome"

    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    role: Mapped[str] = mapped_column(String(10))
    completed: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    on_time: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    no_show: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)


class MemberRecord(Model):
    """All of it added up, for each member and role: a page reads one row."""

    __tablename__ = "member_record"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    completed: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    on_time: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    no_show: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
