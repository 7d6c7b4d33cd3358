"""What sellers have chosen; who has not has the default."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.platform.database import Model, UtcDateTime


class SellerTerms(Model):
    """One choice for all that a member sells."""

    __tablename__ = "seller_terms"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    steps: Mapped[int]
    ways: Mapped[int]
    beyond: Mapped[str] = mapped_column(String(10))
    percent: Mapped[int]
    verified: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
