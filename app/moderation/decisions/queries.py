"""Reads of decisions."""

from __future__ import annotations

from sqlalchemy import select

from app.moderation.decisions.models import Decision
from app.moderation.reports.models import Report
from app.platform.database import db


def reason_of(report_id: str) -> str:
    """What the moderator wrote about a report; for the people whom the decision concerns."""
    query = select(Decision.reason).join(Report, Report.decision_id == Decision.id).where(Report.id == report_id)
    return db.session.scalar(query) or ""
