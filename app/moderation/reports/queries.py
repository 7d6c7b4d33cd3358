"""Reads of reports, and what there is to see of a thing that is reported."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import DecisionId, MemberId, ReportId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.subjects import Subject
from app.kernel.viewer import Viewer
from app.moderation.reports.models import Report
from app.moderation.reports.values import Reason, ReportedContent, ReportStatus, ReportView
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.people.profiles.queries import cards
from app.platform import subjects
from app.platform.database import db
from app.platform.subjects import Facts, State


def reported_content(subject: Subject, viewer_id: MemberId | None) -> ReportedContent:
    """The thing as it stands now; raises `NotFound` when the viewer may not know of it."""
    kind = subjects.find_kind(subject.kind)
    if kind is None:
        raise Invalid("This can’t be reported.", code="bad_subject")
    found = kind.reported(subject.id, viewer_id) if kind.reported else _seen(subject, viewer_id)
    if found is None:
        raise NotFound("This no longer exists, or you can’t see it.")
    return ReportedContent(
        title=found.title,
        excerpt=found.excerpt,
        url=found.url or None,
        author_id=None if found.owner_id is None else MemberId(found.owner_id),
    )


def _seen(subject: Subject, viewer_id: MemberId | None) -> Facts | None:
    if viewer_id is not None and not subjects.is_visible(viewer_id, subject):
        return None
    found = subjects.find_facts(subject)
    return None if found is None or found.state is State.REMOVED else found


def queue(actor: MemberId, *, cursor: str | None = None, limit: int = 20) -> Page[ReportView]:
    """Open reports, the oldest first; for moderators."""
    require_role(actor, MODERATOR)
    query = select(Report).where(Report.status == ReportStatus.OPEN).order_by(Report.id)
    after = decode_cursor(cursor, str)
    if after is not None:
        query = query.where(Report.id > after[0])
    rows = list(db.session.scalars(query.limit(limit + 1)))
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(_views(rows[:limit]), more)


def get_report(actor: MemberId, report_id: ReportId) -> ReportView:
    """One report, open or not; for moderators."""
    require_role(actor, MODERATOR)
    row = db.session.get(Report, report_id)
    if row is None:
        raise NotFound("This report doesn’t exist.")
    return _views([row])[0]


def decided_with(report_id: ReportId) -> list[tuple[ReportId, MemberId]]:
    """The report and those that the same decision upheld, each with its reporter."""
    query = _together(report_id).where(Report.status.in_((ReportStatus.REMOVED, ReportStatus.SUSPENDED)))
    return [(row.id, row.reporter_id) for row in db.session.execute(query)]


def reports_of(decision_id: DecisionId) -> list[ReportId]:
    """The reports that a decision has closed."""
    return list(db.session.scalars(select(Report.id).where(Report.decision_id == decision_id).order_by(Report.id)))


def told_of(report_id: ReportId) -> tuple[str, list[tuple[ReportId, MemberId]]]:
    """What a decided report is about, and all that were decided with it, each with its reporter."""
    row = db.session.get(Report, report_id)
    if row is None:
        raise NotFound("This report doesn’t exist.")
    return row.title, [(one.id, one.reporter_id) for one in db.session.execute(_together(report_id))]


def open_count(viewer: Viewer) -> ScalarSelect[int] | None:
    """The moderators' badge."""
    if not viewer.is_a(MODERATOR):
        return None
    return select(func.count(Report.id)).where(Report.status == ReportStatus.OPEN).scalar_subquery()


def _together(report_id: ReportId) -> Select[ReportId, MemberId]:
    decision = select(Report.decision_id).where(Report.id == report_id).scalar_subquery()
    return select(Report.id, Report.reporter_id).where(Report.decision_id == decision).order_by(Report.id)


def _views(rows: list[Report]) -> list[ReportView]:
    others = _others([row.id for row in rows])
    people = {row.reporter_id for row in rows} | {row.author_id for row in rows if row.author_id}
    faces = cards(people)
    return [
        ReportView(
            id=row.id,
            subject=Subject(row.subject_kind, row.subject_id),
            reason=Reason(row.reason),
            text=row.text,
            title=row.title,
            excerpt=row.excerpt,
            url=row.url,
            status=ReportStatus(row.status),
            reporter=faces.get(row.reporter_id),
            author=faces.get(row.author_id) if row.author_id else None,
            at=row.created_at,
            others=others.get(row.id, 0),
        )
        for row in rows
    ]


def _others(ids: list[str]) -> dict[str, int]:
    if not ids:
        return {}
    other = aliased(Report)
    query = (
        select(Report.id, func.count(other.id))
        .join(
            other,
            (other.subject_kind == Report.subject_kind)
            & (other.subject_id == Report.subject_id)
            & (other.id != Report.id)
            & (other.status == ReportStatus.OPEN),
        )
        .where(Report.id.in_(ids))
        .group_by(Report.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
