"""What one member says of one item, with its photos, its earlier words and what others made of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.community.recommendations.values import MAX_ALT_LENGTH
from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId, PhotoId, RecommendationId, new_id
from app.platform.database import Model, UtcDateTime


class Recommendation(Model):
    """The rating is kept as given, with its scale."""

    __tablename__ = "recommendation"

    id: Mapped[RecommendationId] = mapped_column(String(26), primary_key=True, default=new_id)
    item_id: Mapped[ItemId] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
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
    removed_by_moderator: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Counted here so that a page of many needs no second look; `kinmarket check` counts anew.
    helpful_count: Mapped[int] = mapped_column(default=0, server_default="0")
    comment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    revision_count: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        UniqueConstraint("item_id", "member_id"),
        # With the item, so that what a circle says of some items is found without reading the rows.
        Index("ix_recommendation_member_id_updated_at", "member_id", "updated_at", "item_id"),
        # Everybody else on an item's page: counted by stance, and in the order in which they are shown.
        Index(
            "ix_recommendation_item_id_stance",
            "item_id",
            "stance",
            sql("(disclosure <> 'none')"),
            sql("helpful_count DESC"),
            sql("updated_at DESC"),
            "member_id",
            sqlite_where=sql("removed_at IS NULL"),
            postgresql_where=sql("removed_at IS NULL"),
        ),
        # The feed's windows come from these: of some people, of everybody, of some things.
        Index("ix_recommendation_member_id_updated_at_id_removed_at", "member_id", "updated_at", "id", "removed_at"),
        Index("ix_recommendation_updated_at_id", "updated_at", "id"),
        Index("ix_recommendation_item_id_stance_updated_at_id", "item_id", "stance", "updated_at", "id"),
    )


class RecommendationPhoto(Model):
    """One of up to five photos, in the author's order."""

    __tablename__ = "recommendation_photo"

    recommendation_id: Mapped[RecommendationId] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True
    )
    photo_id: Mapped[PhotoId] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
    # What is to be seen, in the author's words.
    alt: Mapped[str] = mapped_column(String(MAX_ALT_LENGTH), default="")


class RecommendationRevision(Model):
    """What was said before, and since when."""

    __tablename__ = "recommendation_revision"

    recommendation_id: Mapped[RecommendationId] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stance: Mapped[str] = mapped_column(String(10))
    rating: Mapped[float | None]
    rating_high: Mapped[float | None]
    text: Mapped[str]
    disclosure: Mapped[str] = mapped_column(String(10))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HelpfulVote(Model):
    """A member found it helpful, once."""

    __tablename__ = "helpful_vote"

    recommendation_id: Mapped[RecommendationId] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class SavedRecommendation(Model):
    """A member keeps it to find it again; nobody else sees it."""

    __tablename__ = "saved_recommendation"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    recommendation_id: Mapped[RecommendationId] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
