"""Reviews, what they said before, and what was said to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId, OrderId, PhotoId, ReviewId, new_id
from app.market.reviews.values import MAX_NOTE_LENGTH, MAX_OFFER_LENGTH
from app.platform.database import Model, UtcDateTime

_PARTS = ("described", "communication", "punctual", "packaging")


class Review(Model):
    """What one of the two says of the other. Until `visible_at` is there, only its author sees it."""

    __tablename__ = "review"

    id: Mapped[ReviewId] = mapped_column(String(26), primary_key=True, default=new_id)
    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"))
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    about_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(10))  # the author's
    stars: Mapped[int]
    described: Mapped[int | None]
    communication: Mapped[int | None]
    punctual: Mapped[int | None]
    packaging: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(String(MAX_NOTE_LENGTH), default="")  # for moderators only
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    visible_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("order_id", "author_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_range"),
        *(CheckConstraint(f"{part} BETWEEN 1 AND 5", name=f"{part}_range") for part in _PARTS),
        CheckConstraint("author_id <> about_id", name="not_self"),
        Index("ix_review_about_id_id", "about_id", "id"),
        Index("ix_review_author_id_id", "author_id", "id"),
    )


class ReviewWindow(Model):
    """One for each completed order: how many have written, until when one can, and what the clock does next."""

    __tablename__ = "review_window"

    order_id: Mapped[OrderId] = mapped_column(ForeignKey("market_order.id", ondelete="CASCADE"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wrote: Mapped[int] = mapped_column(default=0)
    uncovered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)  # so many of the times are behind
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (CheckConstraint("wrote BETWEEN 0 AND 2", name="wrote_range"),)


class ReviewPhoto(Model):
    """One of up to three photos, in the author's order."""

    __tablename__ = "review_photo"

    review_id: Mapped[ReviewId] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[PhotoId] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]


class ReviewAnswer(Model):
    """What the reviewed person says to it, once."""

    __tablename__ = "review_answer"

    review_id: Mapped[ReviewId] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewRecovery(Model):
    """The reviewed person's offer to put it right, and what came of it."""

    __tablename__ = "review_recovery"

    review_id: Mapped[ReviewId] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    remedy: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(MAX_OFFER_LENGTH))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewVersion(Model):
    """What the author said before, and since when."""

    __tablename__ = "review_version"

    review_id: Mapped[ReviewId] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
