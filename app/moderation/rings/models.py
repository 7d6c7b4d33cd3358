"""Clusters that look like accounts of one hand, as they stood when they were found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import MemberId, RingId
from app.platform.database import Json, Model, UtcDateTime


class RingFinding(Model):
    """The evidence in figures and the vouches among the members; a moderator decides."""

    __tablename__ = "ring_finding"

    id: Mapped[RingId] = mapped_column(String(26), primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    density: Mapped[float] = mapped_column(Float)
    closed: Mapped[float] = mapped_column(Float)
    joined_within: Mapped[float | None] = mapped_column(Float)
    alike: Mapped[float | None] = mapped_column(Float)
    suspicion: Mapped[float] = mapped_column(Float)
    outsiders: Mapped[int]
    # Rows of truster, trustee and weight; ids alone, so that erasing a member rewrites nothing.
    edges: Mapped[list[list[float]]] = mapped_column(Json)

    __table_args__ = (Index("ix_ring_finding_status_suspicion", "status", "suspicion"),)


class RingMember(Model):
    """Who belongs to a ring."""

    __tablename__ = "ring_member"

    ring_id: Mapped[RingId] = mapped_column(ForeignKey("ring_finding.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
