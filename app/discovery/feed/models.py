"""What a member has told the feed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from app.discovery.feed.values import CIRCLE
from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.platform.database import Json, Model, UtcDateTime


class FeedPreference(Model):
    """One row for a member who has chosen anything; without one the defaults hold."""

    __tablename__ = "feed_preference"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    mode: Mapped[str] = mapped_column(String(10), default=CIRCLE, server_default=CIRCLE)
    personal: Mapped[bool] = mapped_column(default=True, server_default=true())
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class FeedChoice(Model):
    """One thing that the member does not want to see, or wants less of."""

    __tablename__ = "feed_choice"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(10), primary_key=True)
    target: Mapped[str] = mapped_column(String(80), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (Index("ix_feed_choice_member_id_created_at", "member_id", "created_at"),)
