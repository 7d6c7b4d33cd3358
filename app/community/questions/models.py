"""Asks, whom they have reached, and what is answered: words, a recommendation, or both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.community.questions.values import MAX_PLACE_LENGTH, MAX_TOPIC_LENGTH, QuestionStatus
from app.kernel.clock import clock
from app.kernel.ids import AnswerId, MemberId, QuestionId, RecommendationId, new_id
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
    """An answer; of each ask at most one has been thanked for, as the one that helped most."""

    __tablename__ = "ask_answer"

    id: Mapped[AnswerId] = mapped_column(String(26), primary_key=True, default=new_id)
    ask_id: Mapped[QuestionId] = mapped_column(ForeignKey("ask.id", ondelete="CASCADE"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    recommendation_id: Mapped[RecommendationId | None] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    thanked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("text <> '' OR recommendation_id IS NOT NULL", name="says_something"),
        Index("ix_ask_answer_ask_id_id", "ask_id", "id"),
        Index(
            "uq_ask_answer_standing",
            "ask_id",
            "recommendation_id",
            unique=True,
            sqlite_where=sql("removed_at IS NULL"),
            postgresql_where=sql("removed_at IS NULL"),
        ),
        Index(
            "uq_ask_answer_thanked",
            "ask_id",
            unique=True,
            sqlite_where=sql("thanked_at IS NOT NULL"),
            postgresql_where=sql("thanked_at IS NOT NULL"),
        ),
    )
