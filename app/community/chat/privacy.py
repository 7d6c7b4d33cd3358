"""What conversations keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from app.community.chat.models import Conversation, Message, Participant
from app.kernel.clock import clock
from app.platform.database import db


def export(ident: int) -> list[dict[str, Any]]:
    """What the member has said; what others said is theirs."""
    query = select(Message).where(Message.author_id == ident).order_by(Message.at)
    return [
        {
            "conversation": row.conversation_id,
            "seq": row.seq,
            "at": row.at.isoformat(),
            "body": row.body,
        }
        for row in db.session.scalars(query)
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
    db.session.execute(update(Message).where(Message.author_id == ident).values(body=""))
    db.session.execute(
        update(Participant)
        .where(Participant.member_id == ident)
        .values(left_at=func.coalesce(Participant.left_at, now))
    )
