"""Numbers of changes: each change of a conversation has its own, so that whoever pages by them misses none."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from app.kernel.ids import ConversationId, MessageId
from app.messaging.conversations.models import Conversation, Message
from app.platform.database import db


def next_changes(conversation_id: ConversationId, count: int = 1) -> int:
    """The first of so many new numbers; holds the conversation's row until the commit."""
    last = db.session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_change_seq=Conversation.last_change_seq + count)
        .returning(Conversation.last_change_seq)
    ).scalar_one()
    return int(last) - count + 1


def number_changes(conversation_id: ConversationId, message_ids: Sequence[MessageId]) -> None:
    """Messages that change at once: one after the other, each with a number of its own."""
    if not message_ids:
        return
    first = next_changes(conversation_id, len(message_ids))
    db.session.execute(
        update(Message), [{"id": ident, "change_seq": first + place} for place, ident in enumerate(message_ids)]
    )
