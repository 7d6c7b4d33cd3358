"""Who owns a group or a room: whoever opened it, and when they go whoever has been inside the longest."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import aliased

from app.kernel.clock import clock
from app.kernel.ids import ConversationId
from app.messaging.conversations.models import Conversation, Participant
from app.messaging.conversations.values import PAIRS, ParticipantStatus, Role
from app.people.accounts.models import Member
from app.platform.database import db


def lock(conversation_id: ConversationId) -> None:
    """Until the commit: of two who change a conversation at once the second one waits, then sees."""
    db.session.execute(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update())


def keep_owned(conversation_id: ConversationId) -> None:
    """Give a group or room without an owner to its heir; one that has an owner stays theirs."""
    lock(conversation_id)
    owner, one = aliased(Participant), aliased(Participant)
    until = Member.suspended_until
    heir = (
        select(one.member_id)
        .join(Member, Member.id == one.member_id)
        .join(Conversation, Conversation.id == one.conversation_id)
        .where(one.conversation_id == conversation_id, _inside(one), Conversation.kind.not_in(PAIRS))
        # Who is suspended can decide nothing: they come last.
        .order_by(or_(until.is_(None), until <= clock.now()).desc(), one.joined_at, one.member_id)
        .limit(1)
        .scalar_subquery()
    )
    owned = exists().where(owner.conversation_id == conversation_id, owner.role == Role.OWNER.value, _inside(owner))
    db.session.execute(
        update(Participant)
        .where(Participant.conversation_id == conversation_id, Participant.member_id == heir, ~owned)
        .values(role=Role.OWNER.value)
        .execution_options(synchronize_session=False)
    )


def _inside(one: type[Participant]) -> ColumnElement[bool]:
    return one.left_at.is_(None) & (one.standing == ParticipantStatus.INSIDE.value)
