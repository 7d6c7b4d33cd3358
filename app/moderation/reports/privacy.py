"""What reports tell of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.kernel.ids import MemberId
from app.moderation.reports.models import Report
from app.platform.database import db

NAME = "reports"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """The reports that the member wrote."""
    rows = db.session.scalars(select(Report).where(Report.reporter_id == ident).order_by(Report.id))
    return [
        {
            "subject": f"{row.subject_kind}:{row.subject_id}",
            "reason": row.reason,
            "text": row.text,
            "status": row.status,
            "at": row.created_at.isoformat(),
        }
        for row in rows
    ]


def erase(ident: MemberId) -> None:
    """The words go, of the member's reports and the copies of the member's own things."""
    db.session.execute(update(Report).where(Report.reporter_id == ident).values(text=""))
    db.session.execute(update(Report).where(Report.author_id == ident).values(title="", excerpt=""))
