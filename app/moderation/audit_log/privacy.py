"""What the moderators' log tells of a person."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.moderation.audit_log.models import ModerationAction
from app.moderation.audit_log.values import Action
from app.platform.database import db

NAME = "decisions"
# A dismissed report is nothing that the member is told of.
_TOLD = (Action.REMOVE, Action.SUSPEND, Action.REINSTATE, Action.RELEASE, Action.DROP, Action.RESTORE)


def export(ident: MemberId) -> list[dict[str, str]]:
    """What was decided about the member and their things, with the reasons that they were given."""
    query = (
        select(ModerationAction.decision, ModerationAction.subject_kind, ModerationAction.reason, ModerationAction.at)
        .where(ModerationAction.author_id == ident, ModerationAction.decision.in_(_TOLD))
        .order_by(ModerationAction.id)
    )
    return [
        {"decision": row.decision, "about": row.subject_kind, "reason": row.reason, "at": row.at.isoformat()}
        for row in db.session.execute(query)
    ]


def erase(ident: MemberId) -> None:
    """The log is append-only; it names members by number, and the number has no name any more."""
