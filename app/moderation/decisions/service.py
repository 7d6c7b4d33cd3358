"""Decisions of moderators, each with its line in the log."""

from __future__ import annotations

from sqlalchemy import select, text

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.subjects import Subject
from app.moderation.decisions.events import DecisionLogged
from app.moderation.decisions.models import ModerationAction
from app.moderation.decisions.rules import BEGINNING, link
from app.moderation.decisions.values import MAX_REASON_LENGTH, Decision
from app.moderation.reports.events import ReportDecided
from app.moderation.reports.service import close_reports
from app.moderation.reports.values import ReportStatus
from app.people.accounts.queries import get_member, require_role
from app.people.accounts.service import reinstate, suspend
from app.people.accounts.values import MODERATOR
from app.platform.database import db, unit_of_work
from app.platform.markup import clean_text

# Each line builds on the one before, so on PostgreSQL too only one may be written at a time.
_LOG_LOCK = 0x6B696E02

_OUTCOMES = {
    Decision.DISMISS: ReportStatus.DISMISSED,
    Decision.REMOVE: ReportStatus.REMOVED,
    Decision.SUSPEND: ReportStatus.SUSPENDED,
}


def decide(actor: int, report_id: str, decision: str, reason: str) -> None:
    """Close a report: nothing is wrong, the thing goes, or its author is suspended as well.

    A suspension removes the thing too, unless the thing is the member.
    """
    if decision not in {chosen.value for chosen in _OUTCOMES}:
        raise Invalid("Please choose what to do.", code="bad_decision")
    chosen = Decision(decision)
    reason = required_reason(reason)
    with unit_of_work() as work:
        require_role(actor, MODERATOR)
        report = close_reports(report_id, _OUTCOMES[chosen])
        if report.author_id == actor:
            raise Forbidden("Somebody else must decide about what is yours.", code="own_self")
        if chosen is Decision.REMOVE and report.subject_kind == "member":
            raise Invalid("A member can be suspended, not removed.", code="bad_decision")
        if chosen is Decision.SUSPEND:
            if report.author_id is None:
                raise Invalid("There is nobody to suspend.", code="bad_decision")
            suspend(actor, report.author_id)
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


def reinstate_member(actor: int, member_id: int, reason: str) -> None:
    """Lift a suspension, with a reason in the log."""
    reason = required_reason(reason)
    with unit_of_work():
        require_role(actor, MODERATOR)
        if not reinstate(actor, member_id):
            raise Conflict("This account is not suspended.", code="decided")
        write_line(
            actor,
            Decision.REINSTATE,
            Subject("member", get_member(member_id).handle),
            author_id=member_id,
            report_id=None,
            reason=reason,
        )


def required_reason(text_of_it: str) -> str:
    """The moderator's reason as the log keeps it; every decision has one, or raises `Invalid`."""
    found = clean_text(text_of_it, MAX_REASON_LENGTH)
    if not found:
        raise Invalid("Please give a reason; it stays in the log.", code="reason_missing")
    return found


def write_line(
    actor: int,
    decision: Decision,
    subject: Subject,
    *,
    author_id: int | None,
    report_id: str | None,
    reason: str,
) -> None:
    """Add to the log in the transaction of the decision; whoever it concerns is told of each line."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOG_LOCK})
    last = select(ModerationAction.digest).order_by(ModerationAction.id.desc()).limit(1)
    previous = db.session.scalar(last) or BEGINNING
    at = clock.now()
    row = ModerationAction(
        actor_id=actor,
        decision=decision.value,
        subject_kind=subject.kind,
        subject_id=subject.id,
        author_id=author_id,
        report_id=report_id,
        reason=reason,
        at=at,
        previous=previous,
        digest=link(
            previous,
            actor_id=actor,
            decision=decision.value,
            subject=str(subject),
            author_id=author_id,
            report_id=report_id,
            reason=reason,
            at=at,
        ),
    )
    with unit_of_work() as work:
        db.session.add(row)
        db.session.flush()
        work.record(DecisionLogged(action_id=row.id, decision=row.decision, author_id=author_id, report_id=report_id))
