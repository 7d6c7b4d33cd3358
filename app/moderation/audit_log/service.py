"""Adding lines to the moderators' log."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.errors import Invalid
from app.kernel.ids import MemberId, ReportId
from app.kernel.subjects import Subject
from app.moderation.audit_log.events import DecisionLogged
from app.moderation.audit_log.models import ModerationAction
from app.moderation.audit_log.rules import BEGINNING, link
from app.moderation.audit_log.values import MAX_REASON_LENGTH, Action
from app.platform.database import db, one_at_a_time, unit_of_work
from app.platform.markup import clean_text

# Each line builds on the one before, so on PostgreSQL too only one may be written at a time.
_LOG_LOCK = 0x6B696E02


def required_reason(text_of_it: str) -> str:
    """The moderator's reason as the log keeps it; every decision has one, or raises `Invalid`."""
    found = clean_text(text_of_it, MAX_REASON_LENGTH)
    if not found:
        raise Invalid("Enter a reason. It is kept in the log.", code="reason_missing")
    return found


def write_line(
    actor: MemberId,
    decision: Action,
    subject: Subject,
    *,
    author_id: MemberId | None,
    report_id: ReportId | None,
    reason: str,
) -> None:
    """Add to the log in the transaction of the decision; whoever it concerns is told of each line."""
    one_at_a_time(_LOG_LOCK)
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
