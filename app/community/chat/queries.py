"""Reads of conversations. Who does not take part learns not even that they exist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, and_, func, select, tuple_
from sqlalchemy.orm import aliased

from app.community.chat.models import Conversation, Message, Participant
from app.community.chat.values import CATCH_UP, GROUP, ConversationRow, ConversationView, MessageView
from app.kernel.errors import Invalid, NotFound
from app.people.accounts.models import Member
from app.platform.database import db
from app.platform.markup import plain_excerpt, render_markdown
from app.web.frame import Viewer
from app.web.pagination import Page, decode_cursor, encode_cursor

EXCERPT = 120


def unread_badge(who: Viewer) -> ScalarSelect[int]:
    """In how many conversations something waits to be read; a subquery for the page frame."""
    return (
        select(func.count())
        .select_from(Participant)
        .join(Conversation, Conversation.id == Participant.conversation_id)
        .where(
            Participant.member_id == who.id,
            Participant.left_at.is_(None),
            Conversation.last_seq > Participant.read_seq,
        )
        .scalar_subquery()
    )


def list_conversations(member_id: int, limit: int = 30, cursor: str | None = None) -> Page[ConversationRow]:
    """The member's conversations in which something was said, the newest message first."""
    mine = (
        select(
            Conversation.id,
            Conversation.kind,
            Conversation.title,
            Conversation.listing_id,
            Conversation.last_at,
            Conversation.last_seq,
            Participant.read_seq,
            Message.author_id,
            Message.body,
            Message.deleted_at,
        )
        .join(Participant, Participant.conversation_id == Conversation.id)
        .outerjoin(
            Message,
            and_(Message.conversation_id == Conversation.id, Message.seq == Conversation.last_seq),
        )
        .where(Participant.member_id == member_id, Participant.left_at.is_(None), Conversation.last_seq > 0)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(limit + 1)
    )
    after = decode_cursor(cursor, str, str)
    if after is not None:
        try:
            at = datetime.fromisoformat(after[0])
        except ValueError as problem:
            raise Invalid("the cursor is damaged", code="bad_cursor") from problem
        mine = mine.where(tuple_(Conversation.last_at, Conversation.id) < tuple_(at, after[1]))
    rows = list(db.session.execute(mine))
    shown = rows[:limit]
    others = _others(member_id, [row.id for row in shown])
    more = encode_cursor(shown[-1].last_at.isoformat(), shown[-1].id) if len(rows) > limit else None
    return Page([_row(row, others.get(row.id, ())) for row in shown], more)


def get_conversation(member_id: int, conversation_id: str) -> ConversationView:
    """One that the member takes part in; raises `NotFound` for all others alike."""
    row = db.session.execute(
        select(
            Conversation.id,
            Conversation.kind,
            Conversation.title,
            Conversation.listing_id,
            Conversation.last_seq,
            Conversation.last_change_seq,
            Participant.read_seq,
        )
        .join(Participant, Participant.conversation_id == Conversation.id)
        .where(
            Conversation.id == conversation_id,
            Participant.member_id == member_id,
            Participant.left_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    return ConversationView(
        id=row.id,
        kind=row.kind,
        title=row.title,
        listing_id=row.listing_id,
        last_seq=row.last_seq,
        last_change_seq=row.last_change_seq,
        read_seq=row.read_seq,
        other_ids=_others(member_id, [row.id]).get(row.id, ()),
    )


def messages_after(conversation_id: str, seq: int, limit: int = CATCH_UP) -> list[MessageView]:
    """What was said after `seq`, in order."""
    query = _messages(conversation_id).where(Message.seq > seq).order_by(Message.seq).limit(limit)
    return _views(query)


def messages_before(conversation_id: str, seq: int | None, limit: int) -> list[MessageView]:
    """The last that was said (before `seq`), in order."""
    query = _messages(conversation_id).order_by(Message.seq.desc()).limit(limit)
    if seq is not None:
        query = query.where(Message.seq < seq)
    return _views(query)[::-1]


def changed_after(conversation_id: str, change_seq: int, limit: int = CATCH_UP) -> list[MessageView]:
    """What was edited or taken away after `change_seq`, in order of the changes."""
    query = _messages(conversation_id).where(Message.change_seq > change_seq)
    return _views(query.order_by(Message.change_seq).limit(limit))


def get_message(message_id: str) -> MessageView:
    """One message, for whoever may see it; raises `NotFound`."""
    found = _views(_message_columns().where(Message.id == message_id))
    if not found:
        raise NotFound(_("There is no such message."))
    return found[0]


def find_message_at(conversation_id: str, seq: int) -> MessageView | None:
    """The message with this number."""
    found = _views(_messages(conversation_id).where(Message.seq == seq))
    return found[0] if found else None


def takes_part(member_id: int, conversation_id: str) -> bool:
    """Whether the member may read there."""
    query = select(Participant.member_id).where(
        Participant.conversation_id == conversation_id,
        Participant.member_id == member_id,
        Participant.left_at.is_(None),
    )
    return db.session.scalar(query) is not None


def shared_by(one: int, other: int) -> list[str]:
    """The conversations of just these two people."""
    first, second = aliased(Participant), aliased(Participant)
    query = (
        select(Conversation.id)
        .join(first, first.conversation_id == Conversation.id)
        .join(second, second.conversation_id == Conversation.id)
        .where(first.member_id == one, second.member_id == other, Conversation.kind != GROUP)
    )
    return list(db.session.scalars(query))


def _message_columns() -> Any:
    return select(
        Message.id,
        Message.conversation_id,
        Message.seq,
        Message.change_seq,
        Message.client_id,
        Message.author_id,
        Member.handle,
        Message.body,
        Message.at,
        Message.edited_at,
        Message.deleted_at,
    ).join(Member, Member.id == Message.author_id)


def _messages(conversation_id: str) -> Any:
    return _message_columns().where(Message.conversation_id == conversation_id)


def _views(query: Any) -> list[MessageView]:
    return [_view(row) for row in db.session.execute(query)]


def _view(row: Any) -> MessageView:
    deleted = row.deleted_at is not None
    body = "" if deleted else row.body
    return MessageView(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        change_seq=row.change_seq,
        client_id=row.client_id,
        author_id=row.author_id,
        author=row.handle,
        body=body,
        html=render_markdown(body),
        at=row.at,
        edited_at=row.edited_at,
        deleted=deleted,
    )


def _others(member_id: int, conversation_ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
    if not conversation_ids:
        return {}
    found: dict[str, tuple[int, ...]] = {}
    query = select(Participant.conversation_id, Participant.member_id).where(
        Participant.conversation_id.in_(conversation_ids), Participant.member_id != member_id
    )
    for row in db.session.execute(query.order_by(Participant.member_id)):
        found[row.conversation_id] = (*found.get(row.conversation_id, ()), row.member_id)
    return found


def _row(row: Any, others: tuple[int, ...]) -> ConversationRow:
    gone = row.deleted_at is not None or row.body is None
    return ConversationRow(
        id=row.id,
        kind=row.kind,
        title=row.title,
        listing_id=row.listing_id,
        last_at=row.last_at,
        last_seq=row.last_seq,
        unread=max(0, row.last_seq - row.read_seq),
        other_ids=others,
        last_author_id=row.author_id,
        last_text="" if gone else plain_excerpt(row.body, EXCERPT),
    )


def first_unread_for(conversation_id: str, seq: int) -> list[int]:
    """The members for whom this message is the first that waits."""
    query = select(Participant.member_id).where(
        Participant.conversation_id == conversation_id,
        Participant.left_at.is_(None),
        Participant.read_seq == seq - 1,
    )
    return list(db.session.scalars(query))
