"""The inbox: what a member was told, and whether they have seen it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId, NotificationId
from app.platform.database import Json, Model, UtcDateTime


class NotificationRow(Model):
    """`key` names the occasion, so that a reaction that runs again tells nothing twice."""

    __tablename__ = "notification"

    id: Mapped[NotificationId] = mapped_column(String(26), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # Where it stood before it was told anew; whoever pages through the inbox meanwhile finds it there.
    was_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What stands in one line: the id of the first that was unread when this came.
    fold: Mapped[str] = mapped_column(String(26), server_default="")
    # `title` and `text` of the thing, `url` where it has a place of its own.
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=text("'{}'"))
    # A member may want mail about a kind, but no line in the page.
    listed: Mapped[bool] = mapped_column(default=True, server_default=true())

    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        Index("ix_notification_member_at", "member_id", "at"),
        Index("ix_notification_member_fold", "member_id", "fold"),
    )
