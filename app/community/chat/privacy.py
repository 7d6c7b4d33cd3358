"""What conversations keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from app.community.chat.models import Conversation, Message, MessageEdit, MessagePhoto, MessageReaction, Participant
from app.kernel.clock import clock
from app.platform.database import db
from app.platform.files import forget_photos, photo_url


def export(ident: int) -> list[dict[str, Any]]:
    """What the member has said; what others said is theirs."""
    said = select(Message.id).where(Message.author_id == ident)
    photos: dict[str, list[str]] = {}
    pictures = select(MessagePhoto.message_id, MessagePhoto.photo_id).where(MessagePhoto.message_id.in_(said))
    for row in db.session.execute(pictures.order_by(MessagePhoto.message_id, MessagePhoto.position)):
        photos.setdefault(row.message_id, []).append(photo_url(row.photo_id, "full"))
    before: dict[str, list[str]] = {}
    edits = select(MessageEdit.message_id, MessageEdit.body).where(MessageEdit.message_id.in_(said))
    for row in db.session.execute(edits.order_by(MessageEdit.id)):
        before.setdefault(row.message_id, []).append(row.body)
    query = select(Message).where(Message.author_id == ident).order_by(Message.at)
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


def erase(ident: int) -> None:
    """The words go, the numbers stay, so that nobody's conversation gets a gap."""
    now = clock.now()
    said = select(Message.conversation_id).where(
        Message.author_id == ident, Message.deleted_at.is_(None)
    )
    touched = list(db.session.scalars(said.distinct()))
    for conversation_id in touched:
        change = db.session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id)
            .values(last_change_seq=Conversation.last_change_seq + 1)
            .returning(Conversation.last_change_seq)
        ).scalar_one()
        db.session.execute(
            update(Message)
            .where(
                Message.conversation_id == conversation_id,
                Message.author_id == ident,
                Message.deleted_at.is_(None),
            )
            .values(change_seq=change, deleted_at=now)
        )
    mine = select(Message.id).where(Message.author_id == ident)
    pictures = select(MessagePhoto.photo_id).where(MessagePhoto.message_id.in_(mine))
    forget_photos(list(db.session.scalars(pictures)))
    db.session.execute(delete(MessagePhoto).where(MessagePhoto.message_id.in_(mine)))
    db.session.execute(delete(MessageEdit).where(MessageEdit.message_id.in_(mine)))
    db.session.execute(delete(MessageReaction).where(MessageReaction.member_id == ident))
    db.session.execute(
        update(Message).where(Message.author_id == ident).values(body="", folded="", held_at=None, signs=None)
    )
    db.session.execute(
        update(Participant)
        .where(Participant.member_id == ident)
        .values(left_at=func.coalesce(Participant.left_at, now))
    )
