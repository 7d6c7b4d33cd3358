"""Messages as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import BindParameter, and_, exists, false, or_, select

from app.kernel.ids import ConversationId, MemberId, MessageId
from app.messaging.conversations.changes import remove, restore
from app.messaging.conversations.models import Message, MessagePhoto, Participant
from app.messaging.conversations.queries import takes_part
from app.messaging.conversations.values import ParticipantStatus
from app.people.blocks.queries import in_touch
from app.platform.database import db
from app.platform.subjects import Condition, Facts, Kind, Looker, State


def visible_to(viewer: Looker) -> Condition:
    """For who takes part: not removed, of people in touch; a held one only for its author.

    What a suspended member has said stays: the others need it to go on, or to show it to a moderator.
    """
    if viewer is None:
        return false()
    present = exists().where(
        Participant.conversation_id == Message.conversation_id,
        Participant.member_id == viewer,
        Participant.left_at.is_(None),
        Participant.standing.in_((ParticipantStatus.INSIDE, ParticipantStatus.REQUEST)),
    )
    said = and_(Message.held_at.is_(None), in_touch(Message.author_id, viewer))
    return and_(Message.deleted_at.is_(None), or_(Message.author_id == viewer, said), present)


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these messages; none has a page of its own."""
    query = select(
        Message.id, Message.author_id, Message.conversation_id, Message.body, Message.at, Message.deleted_at
    ).where(Message.id.in_(ids))
    return {
        row.id: Facts(
            owner_id=row.author_id,
            title="",
            url=f"/messages/{row.conversation_id}",
            made_at=row.at,
            state=State.HERE if row.deleted_at is None else State.REMOVED,
            excerpt=row.body,
        )
        for row in db.session.execute(query)
    }


def reported(message_id: MessageId, viewer_id: MemberId | None) -> Facts | None:
    """Whoever takes part in the conversation may report what was said there, also behind a block."""
    found = facts([message_id]).get(message_id)
    if found is None or found.state is State.REMOVED:
        return None
    conversation_id = ConversationId(found.url.rpartition("/")[2])
    if viewer_id is not None and not takes_part(viewer_id, conversation_id):
        return None
    # A moderator has no way into the conversation.
    return replace(found, url="")


def has_photo(photo: BindParameter[str]) -> Condition:
    """One of its pictures."""
    return Message.id.in_(select(MessagePhoto.message_id).where(MessagePhoto.photo_id == photo))


KINDS = (
    Kind(
        name="message",
        key=Message.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        has_photo=has_photo,
        remove=remove,
        restore=restore,
        reported=reported,
    ),
)
