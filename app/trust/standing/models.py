"""Each member's standing in the whole community, as it was computed last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Model, UtcDateTime


class Standing(Model):
    """The share of the seeds' trust that arrives at a member; who has no row has none."""

    __tablename__ = "standing"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    score: Mapped[float] = mapped_column(Float)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("score > 0 AND score <= 1", name="score_range"),)
