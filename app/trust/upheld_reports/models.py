"""Reports that the moderators upheld, as trust sees them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId, ReportId
from app.platform.database import Model, UtcDateTime


class UpheldReport(Model):
    """Who was right about whom; what it was about stays with the moderators."""

    __tablename__ = "upheld_report"

    report_id: Mapped[ReportId] = mapped_column(String(26), primary_key=True)
    reporter_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (CheckConstraint("reporter_id <> member_id", name="not_self"),)
