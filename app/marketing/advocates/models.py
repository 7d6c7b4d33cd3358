"""Advocates, today's visitors, and the counts that follow the event log."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import AdvocateId, MemberId, StoreId, new_code, new_id
from app.platform.database import BigId, Model, UtcDateTime


class AdvocateRecord(Model):
    """A member who speaks for a store."""

    __tablename__ = "advocate"

    id: Mapped[AdvocateId] = mapped_column(String(26), primary_key=True, default=new_id)
    store_id: Mapped[StoreId] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True, default=new_code)
    # Whether the member agreed that the merchant sees name and figures.
    named: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("store_id", "member_id"),)


class AdvocateVisitor(Model):
    """Who came through a link on a day, so that one visitor counts once."""

    __tablename__ = "advocate_visitor"

    advocate_id: Mapped[AdvocateId] = mapped_column(ForeignKey("advocate.id", ondelete="CASCADE"), primary_key=True)
    visitor: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class AdvocateTally(Model):
    """A projection of the event log: dropped and rebuilt by `kinmarket rebuild reports`."""

    __tablename__ = "advocate_tally"

    advocate_id: Mapped[AdvocateId] = mapped_column(ForeignKey("advocate.id", ondelete="CASCADE"), primary_key=True)
    visits: Mapped[int] = mapped_column(default=0)
    signups: Mapped[int] = mapped_column(default=0)
    recommendations: Mapped[int] = mapped_column(default=0)
    last_event: Mapped[int] = mapped_column(BigId, default=0)
