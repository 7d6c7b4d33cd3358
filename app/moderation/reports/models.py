"""Reports of members to the moderators."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import DecisionId, MemberId, ReportId, new_id
from app.moderation.reports.values import MAX_TITLE_LENGTH, ReportStatus
from app.platform.database import Model, UtcDateTime


class Report(Model):
    """Keeps a copy of what was reported, for authors edit and delete."""

    __tablename__ = "report"

    id: Mapped[ReportId] = mapped_column(String(26), primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    reporter_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    author_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(String(MAX_TITLE_LENGTH))
    excerpt: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(12), default=ReportStatus.OPEN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # All reports that one decision closed have it in common.
    decision_id: Mapped[DecisionId | None] = mapped_column(ForeignKey("decision.id"), index=True)

    __table_args__ = (
        Index("ix_report_status_id", "status", "id"),
        # One member has at most one open report on a thing.
        Index(
            "uq_report_open",
            "subject_kind",
            "subject_id",
            "reporter_id",
            unique=True,
            sqlite_where=sql("status = 'open'"),
            postgresql_where=sql("status = 'open'"),
        ),
    )
