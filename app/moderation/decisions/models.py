"""What moderators decided about reports: one row for all the reports that one decision has closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import DecisionId, MemberId, PhotoId, new_id
from app.platform.database import Json, Model, UtcDateTime


class Decision(Model):
    """Who answered the reports of a thing, how and why."""

    __tablename__ = "decision"

    id: Mapped[DecisionId] = mapped_column(String(26), primary_key=True, default=new_id)
    moderator_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # What it took from its room, so that it can be undone, and the photo among that.
    taken: Mapped[dict[str, Any] | None] = mapped_column(Json)
    photo_id: Mapped[PhotoId | None] = mapped_column(ForeignKey("photo.id", ondelete="SET NULL"), index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
