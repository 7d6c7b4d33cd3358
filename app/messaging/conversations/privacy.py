"""What conversations keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from app.kernel.clock import clock
from app.kernel.ids import ConversationId, MemberId, MessageId
from app.messaging.conversations.models import Message, MessageEdit, MessagePhoto, MessageReaction, Participant
from app.messaging.conversations.numbers import number_changes
from app.messaging.conversations.owners import keep_owned, lock
from app.messaging.conversations.values import Role
from app.platform.database import db
from app.platform.files import forget_photos
from app.platform.photo_urls import photo_url

NAME = "chat"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What the member has said and not taken back; what others said is theirs."""
    mine = (Message.author_id == ident, Message.deleted_at.is_(None))
    said = select(Message.id).where(*mine)
    photos: dict[str, list[str]] = {}
    pictures = select(MessagePhoto.message_id, MessagePhoto.photo_id).where(MessagePhoto.message_id.in_(said))
    for row in db.session.execute(pictures.order_by(MessagePhoto.message_id, MessagePhoto.position)):
        photos.setdefault(row.message_id, []).append(photo_url(row.photo_id, "full"))
    before: dict[str, list[str]] = {}
    edits = select(MessageEdit.message_id, MessageEdit.body).where(MessageEdit.message_id.in_(said))
    for edit in db.session.execute(edits.order_by(MessageEdit.id)):
        before.setdefault(edit.message_id, []).append(edit.body)
    query = select(Message).where(*mine).order_by(Message.at)
    return [
        {
            "conversation": one.conversation_id,
            "seq": one.seq,
            "at": one.at.isoformat(),
            "body": one.body,
            "photos": photos.get(one.id, []),
            "before": before.get(one.id, []),
        }
        for one in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """The words go, the numbers stay, so that nobody's conversation gets a gap."""
    now = clock.now()
    said = select(Message.conversation_id).where(Message.author_id == ident, Message.deleted_at.is_(None))
    for conversation_id in sorted(db.session.scalars(said.distinct())):
        # The conversation first: whoever changes something there waits, or is waited for.
        lock(conversation_id)
        mine = (Message.author_id == ident, Message.conversation_id == conversation_id)
        standing = select(Message.id, Message.seq).where(*mine, Message.deleted_at.is_(None))
        gone = db.session.execute(standing.order_by(Message.seq)).all()
        number_changes(conversation_id, [row.id for row in gone])
        quoting = select(Message.id).where(
            Message.conversation_id == conversation_id,
            Message.author_id != ident,
            Message.reply_seq.in_(select(Message.seq).where(*mine, Message.deleted_at.is_(None))),
        )
        number_changes(conversation_id, list(db.session.scalars(quoting.order_by(Message.seq))))
        db.session.execute(update(Message).where(*mine, Message.deleted_at.is_(None)).values(deleted_at=now))
    theirs = select(Message.id).where(Message.author_id == ident)
    pictures = select(MessagePhoto.photo_id).where(MessagePhoto.message_id.in_(theirs))
    forget_photos(list(db.session.scalars(pictures)))
    db.session.execute(delete(MessagePhoto).where(MessagePhoto.message_id.in_(theirs)))
    db.session.execute(delete(MessageEdit).where(MessageEdit.message_id.in_(theirs)))
    _take_reactions_back(ident)
    db.session.execute(
        update(Message).where(Message.author_id == ident).values(body="", folded="", held_at=None, signs=None)
    )
    ownership = (Participant.member_id == ident, Participant.role == Role.OWNER.value)
    owned = list(db.session.scalars(select(Participant.conversation_id).where(*ownership)))
    db.session.execute(
        update(Participant)
        .where(Participant.member_id == ident)
        .values(left_at=func.coalesce(Participant.left_at, now), role=Role.MEMBER.value)
    )
    for conversation_id in sorted(owned):
        keep_owned(conversation_id)


def _take_reactions_back(ident: MemberId) -> None:
    given = (
        select(Message.conversation_id, Message.id)
        .join(MessageReaction, MessageReaction.message_id == Message.id)
        .where(MessageReaction.member_id == ident, Message.deleted_at.is_(None))
        .distinct()
        .order_by(Message.conversation_id, Message.id)
    )
    found: dict[ConversationId, list[MessageId]] = {}
    for row in db.session.execute(given):
        found.setdefault(row.conversation_id, []).append(row.id)
    db.session.execute(delete(MessageReaction).where(MessageReaction.member_id == ident))
    for conversation_id, ids in found.items():
        number_changes(conversation_id, ids)
