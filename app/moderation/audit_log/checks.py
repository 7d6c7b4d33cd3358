"""Is the moderators' log whole?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.kernel.subjects import Subject
from app.moderation.audit_log.models import ModerationAction
from app.moderation.audit_log.rules import BEGINNING, link
from app.platform.database import db


def chain_is_whole() -> Iterator[str]:
    """A line for each action that was changed, put in or taken out behind the program's back.

    What was cut off at the end leaves no trace in the chain itself.
    """
    previous = BEGINNING
    rows = db.session.scalars(select(ModerationAction).order_by(ModerationAction.id))
    for row in rows:
        if row.previous != previous:
            yield f"moderation action {row.id}: the line before it is missing or was changed"
        digest = link(
            row.previous,
            actor_id=row.actor_id,
            decision=row.decision,
            subject=str(Subject(row.subject_kind, row.subject_id)),
            author_id=row.author_id,
            report_id=row.report_id,
            reason=row.reason,
            at=row.at,
        )
        if row.digest != digest:
            yield f"moderation action {row.id}: was changed after it was written"
        previous = row.digest


CHECKS = {"moderation log": chain_is_whole}
