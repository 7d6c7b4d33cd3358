"""The writes of reports."""

from __future__ import annotations

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import DecisionId, MemberId, ReportId, new_id
from app.kernel.subjects import Subject
from app.moderation.reports.events import ReportFiled
from app.moderation.reports.models import Report
from app.moderation.reports.queries import reported_content
from app.moderation.reports.values import (
    MAX_EXCERPT_LENGTH,
    MAX_TEXT_LENGTH,
    MAX_TITLE_LENGTH,
    Reason,
    ReportStatus,
)
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.limits import check_rate
from app.platform.markup import clean_text


def file_report(actor: MemberId, subject: Subject, reason: str, text: str = "") -> str:
    """Ask the moderators to look; a second report of the same thing while one is open is the first."""
    if reason not in set(Reason):
        raise Invalid("Choose a reason.", code="bad_reason")
    text = clean_text(text, MAX_TEXT_LENGTH)
    check_rate(f"report:{actor}", "20/hour")
    try:
        return _file(actor, subject, reason, text)
    except IntegrityError as problem:
        # Two browsers of one member at once, on PostgreSQL: the other one was first.
        found = _open_of(actor, subject)
        if found is None:
            raise Conflict("Try again.") from problem
        return found


def close_report(report_id: ReportId, status: ReportStatus) -> Report:
    """Close one report in the unit of work of its decision; raises `Conflict` when somebody was faster."""
    closed = db.session.scalar(
        update(Report)
        .where(Report.id == report_id, Report.status == ReportStatus.OPEN)
        .values(status=status.value)
        .returning(Report.id)
    )
    row = db.session.get(Report, report_id, populate_existing=True)
    if row is None:
        raise NotFound("This report doesn’t exist.")
    if closed is None:
        raise Conflict("This report was already decided.", code="decided")
    return row


def close_with(report: Report, decision_id: DecisionId) -> None:
    """Tie a report that was just closed to its decision, and with it all that are open on the same thing."""
    alike = and_(
        Report.subject_kind == report.subject_kind,
        Report.subject_id == report.subject_id,
        Report.status == ReportStatus.OPEN,
    )
    db.session.execute(
        update(Report)
        .where(or_(Report.id == report.id, alike))
        .values(status=report.status, decision_id=decision_id)
        .execution_options(synchronize_session=False)
    )


def _file(actor: MemberId, subject: Subject, reason: str, text: str) -> str:
    with unit_of_work() as work:
        require_active(actor)
        found = _open_of(actor, subject)
        if found is not None:
            return found
        evidence = reported_content(subject, actor)
        if evidence.author_id == actor:
            raise Invalid("This is your own. You can edit or delete it yourself.", code="own_self")
        report = Report(
            id=new_id(),
            subject_kind=subject.kind,
            subject_id=subject.id,
            reporter_id=actor,
            author_id=evidence.author_id,
            reason=reason,
            text=text,
            title=evidence.title[:MAX_TITLE_LENGTH],
            excerpt=evidence.excerpt[:MAX_EXCERPT_LENGTH],
            url=evidence.url,
            status=ReportStatus.OPEN.value,
            created_at=clock.now(),
        )
        db.session.add(report)
        work.record(
            ReportFiled(
                report_id=report.id,
                subject_kind=subject.kind,
                subject_id=subject.id,
                reporter_id=actor,
            )
        )
        return report.id


def _open_of(actor: MemberId, subject: Subject) -> str | None:
    return db.session.scalar(
        select(Report.id).where(
            Report.subject_kind == subject.kind,
            Report.subject_id == subject.id,
            Report.reporter_id == actor,
            Report.status == ReportStatus.OPEN,
        )
    )
