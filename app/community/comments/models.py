"""What others say to a recommendation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import CommentId, MemberId, RecommendationId, new_id
from app.platform.database import Model, UtcDateTime


class Comment(Model):
    """Ids grow with time, so a thread is read by its index."""

    __tablename__ = "recommendation_comment"

    id: Mapped[CommentId] = mapped_column(String(26), primary_key=True, default=new_id)
    recommendation_id: Mapped[RecommendationId] = mapped_column(ForeignKey("recommendation.id", ondelete="CASCADE"))
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_recommendation_comment_recommendation_id_id", "recommendation_id", "id"),)
