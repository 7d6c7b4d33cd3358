"""What is open on members' screens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import MemberId
from app.platform.database import Model, UtcDateTime


class ActiveView(Model):
    """One visible page of a member; the lease ends by itself when the browser is gone."""

    __tablename__ = "open_screen"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    tab: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[str | None] = mapped_column(String(40))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
