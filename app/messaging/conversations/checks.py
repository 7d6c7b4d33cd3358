"""What must hold of conversations."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from app.messaging.conversations.models import Conversation, Message, Participant
from app.platform.database import db


def numbers_have_no_gap() -> list[str]:
    """In one conversation `seq` is 1, 2, 3 … up to `last_seq`."""
    counted = (
        select(
            Message.conversation_id,
            func.count().label("count"),
            func.min(Message.seq).label("low"),
            func.max(Message.seq).label("high"),
            func.max(Message.change_seq).label("change"),
        )
        .group_by(Message.conversation_id)
        .subquery()
    )
    count, high = func.coalesce(counted.c.count, 0), func.coalesce(counted.c.high, 0)
    wrong = (
        select(Conversation.id, Conversation.last_seq, count.label("count"), high.label("high"))
        .outerjoin(counted, counted.c.conversation_id == Conversation.id)
        .where(
            or_(
                Conversation.last_seq != high,
                count != high,
                counted.c.low != 1,
                counted.c.change > Conversation.last_change_seq,
            )
        )
    )
    return [
        f"conversation {row.id}: last number {row.last_seq}, {row.count} messages up to {row.high}"
        for row in db.session.execute(wrong)
    ]


def authors_take_part() -> list[str]:
    """Whoever has said something is, or was, one of the conversation."""
    stray = (
        select(Message.id)
        .outerjoin(
            Participant,
            (Participant.conversation_id == Message.conversation_id) & (Participant.member_id == Message.author_id),
        )
        .where(Participant.member_id.is_(None))
    )
    return [f"message {ident}: its author does not take part" for ident in db.session.scalars(stray)]


def changes_are_counted() -> list[str]:
    """What was edited or removed has a number, and what is held or removed is in no search."""
    wrong = select(Message.id).where(
        or_(
            (Message.edited_at.is_not(None) | Message.deleted_at.is_not(None)) & (Message.change_seq == 0),
            Message.deleted_at.is_not(None) & (Message.folded != ""),
            Message.deleted_at.is_not(None) & Message.held_at.is_not(None),
        )
    )
    return [f"message {ident}: a change without its number, or traces of it" for ident in db.session.scalars(wrong)]


def run() -> list[str]:
    """Every breach."""
    return [*numbers_have_no_gap(), *authors_take_part(), *changes_are_counted()]


CHECKS = {"chat": run}
