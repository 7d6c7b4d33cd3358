"""The statements of the hot path, built once: most of a message's cost was building them anew."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import cast as cast_as
from sqlalchemy import literal as value
from sqlalchemy.dialects import postgresql

from app.messaging.conversations.models import Conversation, Message, MessagePhoto, MessageReaction, Participant
from app.messaging.conversations.unread import first_unread, has_unread, is_unread
from app.messaging.conversations.values import ROOM, ParticipantStatus
from app.messaging.presence.models import Presence
from app.people.accounts.models import Member
from app.people.blocks.queries import apart, has_blocks, shunned, shunning, unread_by
from app.platform.database import BigId
from app.platform.files import Photo

_conversation, _member = cast(Table, Conversation.__table__), cast(Table, Member.__table__)
_people, _message = cast(Table, Participant.__table__), cast(Table, Message.__table__)
_reaction, _picture = cast(Table, MessageReaction.__table__), cast(Table, MessagePhoto.__table__)
_photo = cast(Table, Photo.__table__)
_answered = _message.alias("answered")
_answered_author = _member.alias("answered_author")
_presence = cast(Table, Presence.__table__)
_one, _other = bindparam("member", type_=Integer()), _people.c.member_id


def asked(dialect: str) -> FromClause:
    """Who asks where, as one parameter: a list of {conversation, member, client} in JSON."""
    given = bindparam("asked", type_=String())
    if dialect == "postgresql":
        columns = column("conversation", String()), column("member", BigId), column("client", String())
        rows = func.json_to_recordset(cast_as(given, postgresql.JSON())).table_valued(*columns)
        return rows.render_derived(name="asked", with_types=True)
    each = func.json_each(given).table_valued(column("value", String()))
    return select(
        func.json_extract(each.c.value, "$.conversation", type_=String()).label("conversation"),
        func.json_extract(each.c.value, "$.member", type_=Integer()).label("member"),
        func.json_extract(each.c.value, "$.client", type_=String()).label("client"),
    ).subquery("asked")


@lru_cache
def people(dialect: str) -> Select[Any]:
    """Who takes part, how far each has read; of a room, which may have thousands, only the member asking.

    Locks the conversations until the end of the transaction, always in the same order.
    """
    who = asked(dialect)
    one, other = who.c.member, _people.c.member_id
    return (
        select(
            _people.c.conversation_id,
            _people.c.member_id,
            _people.c.read_seq,
            _people.c.standing,
            _people.c.role,
            _people.c.muted,
            _member.c.handle,
            _member.c.active,
            _member.c.suspended_until,
            _conversation.c.kind,
            _conversation.c.listing_id,
            _conversation.c.last_seq,
            _conversation.c.last_change_seq,
            # Whether the one who asks and this one want nothing of each other.
            apart(one, other).label("blocked"),
            shunned(one).label("shunned"),
            has_unread(_people).label("waits"),
        )
        .select_from(who)
        .join(_conversation, _conversation.c.id == who.c.conversation)
        .join(_people, _people.c.conversation_id == _conversation.c.id)
        .join(_member, _member.c.id == _people.c.member_id)
        .where(_people.c.left_at.is_(None), or_(_conversation.c.kind != ROOM, _people.c.member_id == one))
        .order_by(_conversation.c.id, _people.c.member_id)
        .with_for_update(of=_conversation)
    )


@lru_cache
def sent_before(dialect: str) -> Select[Any]:
    """What those who ask have said before under the names that they give."""
    who = asked(dialect)
    return (
        select(_message.c.conversation_id, _message.c.id, _message.c.seq, _message.c.held_at)
        .select_from(who)
        .join(
            _message,
            and_(
                _message.c.conversation_id == who.c.conversation,
                _message.c.author_id == who.c.member,
                _message.c.client_id == who.c.client,
            ),
        )
    )


NEXT_SEQ: Final = (
    update(_conversation)
    .where(_conversation.c.id.in_(bindparam("conversations", expanding=True)))
    .values(last_seq=_conversation.c.last_seq + 1, last_at=bindparam("now"))
    .returning(_conversation.c.id, _conversation.c.last_seq)
)

ADD_MESSAGE: Final = _message.insert()
ADD_PHOTO: Final = _picture.insert()

_upto, _change = bindparam("upto", type_=Integer()), bindparam("change", type_=Integer())

READ_UPTO: Final = (
    update(_people)
    .where(
        _people.c.conversation_id == bindparam("conversation"),
        _people.c.member_id == bindparam("member"),
        or_(_people.c.read_seq < _upto, _people.c.read_change < _change),
    )
    .values(
        read_seq=case((_people.c.read_seq < _upto, _upto), else_=_people.c.read_seq),
        read_change=case((_people.c.read_change < _change, _change), else_=_people.c.read_change),
    )
)

# Those of a conversation who read no words of one of these authors.
WARY: Final = (
    select(_people.c.member_id)
    .where(
        _people.c.conversation_id == bindparam("conversation"),
        _people.c.left_at.is_(None),
        _people.c.member_id.in_(shunning(bindparam("authors", expanding=True))),
    )
    .order_by(_people.c.member_id)
)


def wants_to_be_told() -> tuple[ColumnElement[bool], ...]:
    """Conditions on a participant and the conversation."""
    return (
        _people.c.left_at.is_(None),
        _people.c.standing == ParticipantStatus.INSIDE.value,
        _people.c.muted.is_(False),
        _conversation.c.kind != ROOM,
    )


# For whom each of these messages waits to be read, of those who want to be told of such.
TO_NOTIFY: Final = (
    select(_message.c.id, _people.c.member_id)
    .join(_people, _people.c.conversation_id == _message.c.conversation_id)
    .join(_conversation, _conversation.c.id == _message.c.conversation_id)
    .where(
        _message.c.id.in_(bindparam("messages", expanding=True)),
        *wants_to_be_told(),
        is_unread(_message),
        ~apart(_people.c.member_id, _message.c.author_id),
    )
    .order_by(_people.c.member_id)
)


@lru_cache
def readers(dialect: str) -> Select[Any]:
    """How far each of those who ask has read, and how far there is something to read."""
    who = asked(dialect)
    return (
        select(
            _people.c.conversation_id,
            _people.c.member_id,
            _people.c.read_seq,
            _people.c.standing,
            _member.c.handle,
            _conversation.c.kind,
            _conversation.c.last_seq,
            _conversation.c.last_change_seq,
            first_unread(_people).label("first_unread"),
            has_blocks(_people.c.member_id).label("touchy"),
        )
        .select_from(who)
        .join(
            _people,
            and_(_people.c.conversation_id == who.c.conversation, _people.c.member_id == who.c.member),
        )
        .join(_conversation, _conversation.c.id == _people.c.conversation_id)
        .join(_member, _member.c.id == _people.c.member_id)
        .where(_people.c.left_at.is_(None))
    )


# The reader's place in a conversation; no row for whoever does not take part.
VIEW: Final = (
    select(
        _conversation.c.id,
        _conversation.c.kind,
        _conversation.c.title,
        _conversation.c.listing_id,
        _conversation.c.last_seq,
        _conversation.c.last_change_seq,
        _conversation.c.about,
        _conversation.c.place,
        _people.c.read_seq,
        _people.c.standing,
        _people.c.role,
        _people.c.muted,
        first_unread(_people).label("first_unread"),
    )
    .join(_people, _people.c.conversation_id == _conversation.c.id)
    .where(
        _conversation.c.id == bindparam("conversation"),
        _people.c.member_id == bindparam("member"),
        _people.c.left_at.is_(None),
    )
)

# Everybody else in it, with what the page shows of them.
OTHERS: Final = (
    select(
        _people.c.member_id,
        _member.c.handle,
        _member.c.name,
        _member.c.avatar_id,
        _member.c.discreet,
        _member.c.certified,
        _people.c.role,
        _people.c.standing,
        _people.c.read_seq,
        _people.c.left_at,
        _presence.c.seen_at,
        _presence.c.hidden,
        apart(_one, _other).label("blocked"),
    )
    .join(_member, _member.c.id == _people.c.member_id)
    .outerjoin(_presence, _presence.c.member_id == _people.c.member_id)
    .where(_people.c.conversation_id == bindparam("conversation"), _people.c.member_id != _one)
    .order_by(_people.c.role.desc(), _people.c.member_id)
    .limit(bindparam("most", type_=Integer()))
)

READER: Final = bindparam("reader", type_=Integer())

# Messages as a reader may see them, each with the beginning of what it answers.
MESSAGES: Final[Select[Any]] = (
    select(
        _message.c.id,
        _message.c.conversation_id,
        _message.c.seq,
        _message.c.change_seq,
        _message.c.client_id,
        _message.c.author_id,
        _member.c.handle,
        _message.c.body,
        _message.c.card,
        _message.c.reply_seq,
        _message.c.signs,
        _message.c.at,
        _message.c.edited_at,
        _message.c.deleted_at,
        _message.c.held_at,
        _answered_author.c.handle.label("reply_author"),
        _answered.c.body.label("reply_body"),
        or_(
            _answered.c.deleted_at.is_not(None),
            _answered.c.held_at.is_not(None),
            unread_by(READER, _answered.c.author_id),
        ).label("reply_gone"),
        _answered.c.author_id.label("reply_author_id"),
        unread_by(READER, _message.c.author_id).label("blocked"),
        # Most messages have neither pictures nor reactions: then nothing more is asked.
        or_(
            exists().where(_picture.c.message_id == _message.c.id),
            exists().where(_reaction.c.message_id == _message.c.id),
        ).label("more"),
    )
    .select_from(_message)
    .join(_member, _member.c.id == _message.c.author_id)
    .outerjoin(
        _answered,
        and_(
            _answered.c.conversation_id == _message.c.conversation_id,
            _answered.c.seq == _message.c.reply_seq,
        ),
    )
    .outerjoin(_answered_author, _answered_author.c.id == _answered.c.author_id)
)

IN_CONVERSATION: Final = MESSAGES.where(_message.c.conversation_id == bindparam("conversation"))
AFTER: Final = (
    IN_CONVERSATION.where(_message.c.seq > bindparam("seq"))
    .order_by(_message.c.seq)
    .limit(bindparam("most", type_=Integer()))
)
CHANGED: Final = (
    IN_CONVERSATION.where(_message.c.change_seq > bindparam("seq"))
    .order_by(_message.c.change_seq, _message.c.seq)
    .limit(bindparam("most", type_=Integer()))
)
BEFORE: Final = (
    IN_CONVERSATION.where(_message.c.seq < bindparam("seq"))
    .order_by(_message.c.seq.desc())
    .limit(bindparam("most", type_=Integer()))
)
BY_ID: Final = MESSAGES.where(_message.c.id == bindparam("message"))
AT: Final = IN_CONVERSATION.where(_message.c.seq == bindparam("seq"))

_ids: Any = bindparam("ids", expanding=True)

# Pictures and reactions of many messages in one statement.
EXTRAS: Final = (
    select(
        _picture.c.message_id,
        value("photo", String()).label("what"),
        _photo.c.id.label("text"),
        value("", String()).label("handle"),
        _photo.c.width,
        _photo.c.height,
        _picture.c.position,
    )
    .join(_photo, _photo.c.id == _picture.c.photo_id)
    .where(_picture.c.message_id.in_(_ids))
    .union_all(
        select(
            _reaction.c.message_id,
            value("reaction", String()),
            _reaction.c.emoji,
            _member.c.handle,
            value(0, Integer()),
            value(0, Integer()),
            value(0, Integer()),
        )
        .join(_member, _member.c.id == _reaction.c.member_id)
        .where(_reaction.c.message_id.in_(_ids), ~unread_by(READER, _reaction.c.member_id))
    )
)
