"""One row for what one member says of one item."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import new_id
from app.platform.database import Model, UtcDateTime


class Recommendation(Model):
    """The rating is kept as given, with its scale."""

    __tablename__ = "recommendation"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    stance: Mapped[str] = mapped_column(String(10))
    rating: Mapped[float | None]
    rating_low: Mapped[float | None]
    rating_high: Mapped[float | None]
    text: Mapped[str] = mapped_column(default="")
    disclosure: Mapped[str] = mapped_column(String(10), default="none")
    verified_purchase: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("item_id", "member_id"),
        Index("ix_recommendation_member_id_updated_at", "member_id", "updated_at"),
        Index("ix_recommendation_updated_at", "updated_at"),
    )
