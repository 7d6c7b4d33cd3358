"""Who vouches for whom, and who distrusts whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.platform.database import Model, UtcDateTime
from app.trust.vouches.values import REASON_LENGTH, TOPIC_LENGTH


class Vouch(Model):
    """One in each direction between two people; an imported one has no strength of its own."""

    __tablename__ = "vouch"

    truster_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    trustee_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    weight: Mapped[float] = mapped_column(Float)
    strength: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))
    topic: Mapped[str | None] = mapped_column(String(TOPIC_LENGTH))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        CheckConstraint("truster_id <> trustee_id", name="not_self"),
        CheckConstraint("weight > 0 AND weight <= 1", name="weight_range"),
    )


class Distrust(Model):
    """An imported statement of distrust: takes the other out of one's view, no further."""

    __tablename__ = "distrust"

    truster_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    trustee_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (CheckConstraint("truster_id <> trustee_id", name="not_self"),)
