"""Rows of conversations as one who takes part sees them: in the list, and the people in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select

from app.kernel.ids import MemberId
from app.messaging.conversations.message_rows import EXCERPT
from app.messaging.conversations.models import Conversation, Message, Participant
from app.messaging.conversations.unread import count_unread
from app.messaging.conversations.values import PAIRS, ROOM, ConversationRow, ParticipantStatus, PersonView
from app.people.blocks.queries import unread_by
from app.people.profiles.queries import card_of
from app.platform.database import db
from app.platform.markup import plain_excerpt

_ROW: tuple[Any, ...] = (
    Conversation.id,
    Conversation.kind,
    Conversation.title,
    Conversation.listing_id,
    Conversation.last_at,
    Conversation.last_seq,
    Participant.muted,
    Participant.standing,
    count_unread().label("unread"),
    Message.author_id,
    unread_by(Participant.member_id, Message.author_id).label("hidden"),
    Message.body,
    Message.card,
    Message.deleted_at,
    Message.held_at,
)


def rows_of(member_id: MemberId) -> Select[Any]:
    """The member's conversations in which something was said."""
    return (
        select(*_ROW)
        .join(Participant, Participant.conversation_id == Conversation.id)
        .outerjoin(
            Message,
            and_(Message.conversation_id == Conversation.id, Message.seq == Conversation.last_seq),
        )
        .where(Participant.member_id == member_id, Participant.left_at.is_(None), Conversation.last_seq > 0)
    )


def others_of(member_id: MemberId, rows: Sequence[Any]) -> dict[str, tuple[MemberId, ...]]:
    """The other people of conversations; of a room, nobody: it may have thousands."""
    ids = [row.id for row in rows if row.kind != ROOM]
    if not ids:
        return {}
    found: dict[str, list[MemberId]] = {}
    query = select(Participant.conversation_id, Participant.member_id).where(
        Participant.conversation_id.in_(ids), Participant.member_id != member_id
    )
    pairs = {row.id for row in rows if row.kind in PAIRS}
    # Of a private conversation the other one stays to be seen after leaving; of a group not.
    query = query.where(Participant.left_at.is_(None) | Participant.conversation_id.in_(pairs))
    for row in db.session.execute(query.order_by(Participant.member_id)):
        found.setdefault(row.conversation_id, []).append(row.member_id)
    return {ident: tuple(members) for ident, members in found.items()}


def row_of(member_id: MemberId, row: Any, others: tuple[MemberId, ...]) -> ConversationRow:
    """One line; of words that the member may not read nothing is in it."""
    held = row.held_at is not None and row.author_id != member_id
    gone = row.deleted_at is not None or row.body is None or held or bool(row.hidden)
    return ConversationRow(
        id=row.id,
        kind=row.kind,
        title=row.title,
        listing_id=row.listing_id,
        last_at=row.last_at,
        last_seq=row.last_seq,
        unread=row.unread,
        other_ids=others,
        last_author_id=row.author_id,
        last_text="" if gone else plain_excerpt(row.body, EXCERPT),
        muted=row.muted,
        standing=row.standing,
        people=len(others) + 1,
        card=None if gone or not row.card else str(row.card["kind"]),
        held=held,
    )


def person_of(row: Any) -> PersonView:
    """Somebody in a conversation, as another one there may see them."""
    card = card_of(row, row.member_id)
    return PersonView(
        card=card,
        role=row.role,
        standing=row.standing,
        read_seq=row.read_seq,
        gone=row.left_at is not None,
        blocked=bool(row.blocked),
        # Only who talks with them, and is not apart from them by a block, learns when they were here.
        seen_at=None if row.hidden or row.blocked or row.standing != ParticipantStatus.INSIDE else row.seen_at,
    )
