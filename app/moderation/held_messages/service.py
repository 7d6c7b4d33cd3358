"""What moderators decide about a held message; the decision and its line in the log are one transaction."""

from __future__ import annotations

from app.kernel.ids import MemberId, MessageId
from app.kernel.subjects import Subject
from app.messaging.conversations import changes
from app.moderation.audit_log.service import required_reason, write_line
from app.moderation.audit_log.values import Action
from app.people.accounts.queries import require_role
from app.people.accounts.values import MODERATOR
from app.platform.database import unit_of_work


def release(actor: MemberId, message_id: MessageId, reason: str) -> None:
    """Nothing is wrong with it: the others read it now. Raises `Conflict` when it is not held."""
    reason = required_reason(reason)
    with unit_of_work():
        require_role(actor, MODERATOR)
        author_id = MemberId(changes.release_held(actor, message_id))
        _log(actor, Action.RELEASE, message_id, author_id, reason)


def drop(actor: MemberId, message_id: MessageId, reason: str) -> None:
    """Nobody will read it. Raises `Conflict` when it is not held."""
    reason = required_reason(reason)
    with unit_of_work():
        require_role(actor, MODERATOR)
        author_id = MemberId(changes.drop_held(actor, message_id))
        _log(actor, Action.DROP, message_id, author_id, reason)


def _log(actor: MemberId, decision: Action, message_id: MessageId, author_id: MemberId, reason: str) -> None:
    write_line(actor, decision, Subject("message", message_id), author_id=author_id, report_id=None, reason=reason)
