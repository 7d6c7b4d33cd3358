"""Reads of decisions."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.ids import MemberId, ReportId
from app.moderation.audit_log.values import Action
from app.moderation.decisions.models import Decision
from app.moderation.decisions.values import DecisionView
from app.moderation.reports.models import Report
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.people.profiles.queries import cards
from app.platform.database import db


def find_decision(actor: MemberId, report_id: ReportId) -> DecisionView | None:
    """What was decided about a report; for moderators."""
    require_role(actor, MODERATOR)
    row = db.session.scalar(
        select(Decision).join(Report, Report.decision_id == Decision.id).where(Report.id == report_id)
    )
    if row is None:
        return None
    return DecisionView(
        action=Action(row.action),
        moderator=cards([row.moderator_id]).get(row.moderator_id),
        reason=row.reason,
        at=row.decided_at,
        undone_at=row.undone_at,
        undoable=row.taken is not None and row.undone_at is None,
    )


def reason_of(report_id: ReportId) -> str:
    """What the moderator wrote about a report; for the people whom the decision concerns."""
    query = select(Decision.reason).join(Report, Report.decision_id == Decision.id).where(Report.id == report_id)
    return db.session.scalar(query) or ""
