"""What is unread is said here, once: for the badge, the list, the bell, digests and the API.

Exists, unread and told are three things. What has a number exists. Unread is what a reader has not
had before them yet and could read: not what they said themselves, nor what is held or removed, nor the
words of those whom they block, nor the quiet cards of the house. Told is who has a line in their bell.
"""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import ColumnElement, ScalarSelect, Table, and_, exists, func, or_, select

from app.kernel.bounds import MAX_COUNTED
from app.messaging.conversations.models import Message, Participant
from app.people.blocks.queries import apart, unread_by

_message: Final = cast(Table, Message.__table__)
_reader: Final = cast(Table, Participant.__table__)


def has_unread(reader: Any = _reader) -> ColumnElement[bool]:
    """Whether something waits for the participant; `reader` is their row or an alias of it."""
    new, freed = _message.alias(), _message.alias()
    return or_(
        exists().where(*_news(new, reader)).correlate(reader),
        exists().where(*_freed(freed, reader)).correlate(reader),
    )


def count_unread(reader: Any = _reader) -> ColumnElement[int]:
    """How many messages wait for the participant; of each kind at most one above `MAX_COUNTED` are looked at."""
    return _how_many(_news, reader) + _how_many(_freed, reader)


def first_unread(reader: Any = _reader) -> ColumnElement[int | None]:
    """The number of the first that waits for the participant."""
    return func.coalesce(_first(_freed, reader, _message.c.seq), _first(_news, reader, _message.c.seq))


def who_waits(reader: Any = _reader) -> ColumnElement[int | None]:
    """Who has said the first that waits for the participant, without those of whom they are told nothing."""
    author = _message.c.author_id
    return func.coalesce(_first(_freed, reader, author, in_touch=True), _first(_news, reader, author, in_touch=True))


def is_unread(message: Any, reader: Any = _reader) -> ColumnElement[bool]:
    """Whether this very message waits for the participant; both are rows of their tables, or aliases."""
    ahead = or_(message.c.seq > reader.c.read_seq, message.c.freed_change > reader.c.read_change)
    return and_(ahead, _readable(message, reader))


def _how_many(which: Any, reader: Any) -> ScalarSelect[int]:
    one = _message.alias()
    some = select(one.c.seq).where(*which(one, reader)).correlate(reader).limit(MAX_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _first(which: Any, reader: Any, column: Any, *, in_touch: bool = False) -> ScalarSelect[int | None]:
    one = _message.alias()
    query = select(one.c[column.name]).where(*which(one, reader)).order_by(one.c.seq).limit(1)
    if in_touch:
        query = query.where(~apart(reader.c.member_id, one.c.author_id))
    return query.correlate(reader).scalar_subquery()


def _news(message: Any, reader: Any) -> tuple[ColumnElement[bool], ...]:
    """Two conditions rather than one with OR: each finds its rows by an index."""
    return (
        message.c.conversation_id == reader.c.conversation_id,
        message.c.seq > reader.c.read_seq,
        _readable(message, reader),
    )


def _freed(message: Any, reader: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        message.c.conversation_id == reader.c.conversation_id,
        message.c.freed_change > reader.c.read_change,
        message.c.seq <= reader.c.read_seq,
        _readable(message, reader),
    )


def _readable(message: Any, reader: Any) -> ColumnElement[bool]:
    return and_(
        message.c.author_id != reader.c.member_id,
        message.c.quiet.is_(False),
        message.c.deleted_at.is_(None),
        message.c.held_at.is_(None),
        ~unread_by(reader.c.member_id, message.c.author_id),
    )
