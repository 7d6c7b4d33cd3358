"""Asks, whom they have reached, and the recommendations that answer them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.community.questions.values import MAX_PLACE_LENGTH, MAX_TOPIC_LENGTH, QuestionStatus
from app.kernel.clock import clock
from app.kernel.ids import MemberId, QuestionId, RecommendationId, new_id
from app.platform.database import Model, UtcDateTime


class Question(Model):
    """A question; `hops` is how far it has gone, `reach` how far it may go."""

    __tablename__ = "ask"

    id: Mapped[QuestionId] = mapped_column(String(26), primary_key=True, default=new_id)
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(MAX_TOPIC_LENGTH), default="")
    place: Mapped[str] = mapped_column(String(MAX_PLACE_LENGTH), default="")
    hops: Mapped[int]
    reach: Mapped[int]
    status: Mapped[str] = mapped_column(String(10), default=QuestionStatus.OPEN)
    # The answer that helped most.
    helped_id: Mapped[RecommendationId | None] = mapped_column(
        ForeignKey("recommendation.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    widened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("hops BETWEEN 1 AND 4 AND reach BETWEEN 1 AND 4 AND hops <= reach", name="hops"),
        Index("ix_ask_author_id_id", "author_id", "id"),
        Index("ix_ask_status_hops_id", "status", "hops", "id"),
        Index("ix_ask_status_widened_at", "status", "widened_at"),
    )


class QuestionRecipient(Model):
    """Somebody of the author's circle whom the ask has come to; once, however far it goes later."""

    __tablename__ = "ask_reached"

    ask_id: Mapped[QuestionId] = mapped_column(ForeignKey("ask.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    distance: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_ask_reached_member_id_ask_id", "member_id", "ask_id"),)


class QuestionAnswer(Model):
    """A recommendation given as an answer."""

    __tablename__ = "ask_answer"

    ask_id: Mapped[QuestionId] = mapped_column(ForeignKey("ask.id", ondelete="CASCADE"), primary_key=True)
    recommendation_id: Mapped[RecommendationId] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
