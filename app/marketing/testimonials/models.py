"""Requests of a store to quote what a member said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import RecommendationId, StoreId, TestimonialId, new_id
from app.marketing.testimonials.values import MAX_USE_LENGTH, QuoteStatus
from app.platform.database import Model, UtcDateTime


class Testimonial(Model):
    """One request for each use; asking again for the same use is the same request."""

    __tablename__ = "testimonial"

    id: Mapped[TestimonialId] = mapped_column(String(26), primary_key=True, default=new_id)
    store_id: Mapped[StoreId] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"))
    recommendation_id: Mapped[RecommendationId] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), index=True
    )
    use: Mapped[str] = mapped_column(String(MAX_USE_LENGTH))
    status: Mapped[str] = mapped_column(String(10), default=QuoteStatus.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("store_id", "recommendation_id", "use"),)
