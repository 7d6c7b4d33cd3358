"""What members want to be told of, how and when."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import MemberId
from app.platform.database import Model


class PreferenceRow(Model):
    """One cell of the matrix; a missing one is the kind's default."""

    __tablename__ = "notification_preference"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    pace: Mapped[str] = mapped_column(String(8))


class DayRow(Model):
    """The member's day: where the clock stands, and when it is quiet."""

    __tablename__ = "notification_day"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    timezone: Mapped[str] = mapped_column(String(60))
    quiet_from: Mapped[int | None]  # minutes after midnight
    quiet_until: Mapped[int | None]
