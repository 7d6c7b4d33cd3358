"""Decisions of moderators, each with its line in the log."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import DecisionId, MemberId, ReportId, new_id
from app.kernel.subjects import Subject
from app.moderation.audit_log.service import required_reason, write_line
from app.moderation.audit_log.values import Action
from app.moderation.decisions.events import DecisionUndone
from app.moderation.decisions.models import Decision
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.models import Report
from app.moderation.reports.service import close_report, close_with
from app.moderation.reports.values import ReportStatus
from app.people.accounts.queries import get_member, require_role
from app.people.accounts.service import reinstate, suspend
from app.people.accounts.values import MODERATOR
from app.platform.database import db, unit_of_work
from app.platform.sql import transition
from app.platform.subjects import Taken

_OUTCOMES = {
    Action.DISMISS: ReportStatus.DISMISSED,
    Action.REMOVE: ReportStatus.REMOVED,
    Action.SUSPEND: ReportStatus.SUSPENDED,
}


def decide(actor: MemberId, report_id: ReportId, decision: str, reason: str) -> None:
    """Close a report: nothing is wrong, the thing goes, or its author is suspended as well.

    A suspension removes the thing too, unless the thing is the member.
    """
    if decision not in {chosen.value for chosen in _OUTCOMES}:
        raise Invalid("Choose what to do.", code="bad_decision")
    chosen = Action(decision)
    reason = required_reason(reason)
    with unit_of_work() as work:
        require_role(actor, MODERATOR)
        report = close_report(report_id, _OUTCOMES[chosen])
        if report.author_id == actor:
            raise Forbidden("Someone else must decide about your own content.", code="own_self")
        if chosen is Action.REMOVE and report.subject_kind == "member":
            raise Invalid("Members can be suspended, not removed.", code="bad_decision")
        if chosen is Action.SUSPEND:
            if report.author_id is None:
                raise Invalid("There is nobody to suspend.", code="bad_decision")
            suspend(actor, report.author_id)
        row = Decision(
            id=new_id(),
            moderator_id=actor,
            action=chosen.value,
            subject_kind=report.subject_kind,
            subject_id=report.subject_id,
            reason=reason,
            decided_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        close_with(report, row.id)
        write_line(
            actor,
            chosen,
            Subject(report.subject_kind, report.subject_id),
            author_id=report.author_id,
            report_id=report.id,
            reason=reason,
        )
        work.record(
            ReportDecided(
                report_id=report.id,
                subject_kind=report.subject_kind,
                subject_id=report.subject_id,
                decision=chosen.value,
                moderator_id=actor,
                author_id=report.author_id,
            )
        )


def reinstate_member(actor: MemberId, member_id: MemberId, reason: str) -> None:
    """Lift a suspension, with a reason in the log."""
    reason = required_reason(reason)
    with unit_of_work():
        require_role(actor, MODERATOR)
        if not reinstate(actor, member_id):
            raise Conflict("This account is not suspended.", code="decided")
        write_line(
            actor,
            Action.REINSTATE,
            Subject("member", get_member(member_id).handle),
            author_id=member_id,
            report_id=None,
            reason=reason,
        )


def undo(actor: MemberId, report_id: ReportId, reason: str) -> None:
    """Take back the removal that answered a report, with a reason in the log; a suspension is lifted by itself.

    What the decision took comes back, and nothing that its owner took away.
    """
    reason = required_reason(reason)
    with unit_of_work() as work:
        require_role(actor, MODERATOR)
        report = db.session.get(Report, report_id, populate_existing=True)
        if report is None:
            raise NotFound("This report doesn’t exist.")
        if report.author_id == actor:
            raise Forbidden("Someone else must decide about your own content.", code="own_self")
        row = db.session.get(Decision, report.decision_id, populate_existing=True) if report.decision_id else None
        if row is None or (row.taken is None and row.undone_at is None):
            raise Conflict("There is nothing to restore from this decision.", code="nothing_to_undo")
        if not transition(Decision, {"id": row.id, "undone_at": None}, {"undone_at": clock.now()}):
            raise Conflict("This decision was already undone.", code="decided")
        subject = Subject(row.subject_kind, row.subject_id)
        write_line(actor, Action.RESTORE, subject, author_id=report.author_id, report_id=report_id, reason=reason)
        work.record(
            DecisionUndone(
                decision_id=row.id,
                subject_kind=subject.kind,
                subject_id=subject.id,
                moderator_id=actor,
                author_id=report.author_id,
            )
        )


def carry_out(report_id: ReportId, remove: Callable[[], Taken | None]) -> None:
    """Remove the thing once for the decision, which keeps what was taken; both in one transaction."""
    with unit_of_work():
        decided = select(Decision).join(Report, Report.decision_id == Decision.id).where(Report.id == report_id)
        row = db.session.scalar(decided)
        if row is not None and (row.taken is not None or row.undone_at is not None):
            return
        taken = remove()
        if row is not None and taken is not None:
            row.taken = dict(taken)
            row.photo_id = taken.get("photo_id")


def take_back(decision_id: DecisionId, restore: Callable[[Taken], None]) -> None:
    """Put back once what the decision took, in one transaction."""
    with unit_of_work():
        row = db.session.get(Decision, decision_id, populate_existing=True)
        if row is None or row.taken is None:
            return
        restore(row.taken)
        row.taken, row.photo_id = None, None
