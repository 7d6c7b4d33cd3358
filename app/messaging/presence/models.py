"""When somebody was here last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import MemberId
from app.platform.database import Model, UtcDateTime


class Presence(Model):
    """`hidden`: the member does not want it to be shown, then nothing is kept either."""

    __tablename__ = "presence"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
