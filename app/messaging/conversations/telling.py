"""Who is told of a message: hints after the commit, and events for whom it speaks to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.kernel.ids import ConversationId, MemberId, MessageId
from app.messaging.conversations import queries
from app.messaging.conversations.events import MemberMentioned
from app.messaging.conversations.message_rows import payload_of
from app.messaging.conversations.models import Participant
from app.messaging.conversations.rules import mentioned
from app.messaging.conversations.values import MessageView, ParticipantStatus, own_room_of, room_of
from app.people.accounts.models import Member
from app.platform.database import UnitOfWork, db
from app.platform.realtime import member_room


def tell_room(work: UnitOfWork, name: str, said: MessageView, wary: Sequence[MemberId]) -> None:
    """A message to everybody in the room; who is wary of somebody in it gets what they may read of it."""
    ident = said.conversation_id
    work.hint(room_of(ident), name, payload_of(said), but=[member_room(one) for one in wary])
    for one in wary:
        theirs = queries.get_message(said.id, reader=one)
        work.hint(own_room_of(ident, one), name, payload_of(theirs))


def tell_others(
    work: UnitOfWork,
    actor: MemberId,
    conversation_id: ConversationId,
    message_id: MessageId,
    people: Mapping[MemberId, Any],
) -> None:
    """A hint to whoever has something to read by it; `people` as they were before it."""
    told = {"kind": "message", "id": message_id, "conversation": conversation_id}
    # `first`: until now nothing waited there, so the badge grows.
    rooms: dict[bool, list[str]] = {}
    for ident, person in people.items():
        if ident == actor or person.standing != ParticipantStatus.INSIDE or person.muted or person.blocked:
            continue
        rooms.setdefault(not person.waits, []).append(member_room(ident))
    for first, some in rooms.items():
        work.hint(tuple(some), "notification:new", {**told, "first": first})


def tell_mentioned(
    work: UnitOfWork, actor: MemberId, conversation_id: ConversationId, message_id: MessageId, text: str
) -> None:
    """One event for each participant that the text speaks to, in the caller's unit of work."""
    handles = mentioned(text)
    if not handles:
        return
    query = (
        select(Participant.member_id)
        .join(Member, Member.id == Participant.member_id)
        .where(
            Participant.conversation_id == conversation_id,
            Participant.left_at.is_(None),
            Participant.standing == ParticipantStatus.INSIDE,
            Participant.member_id != actor,
            Member.handle.in_(handles),
        )
    )
    for member_id in db.session.scalars(query.order_by(Participant.member_id)):
        work.record(
            MemberMentioned(
                conversation_id=conversation_id,
                message_id=message_id,
                author_id=actor,
                member_id=member_id,
            )
        )
