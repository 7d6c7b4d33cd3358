"""Lists of conversations by their last message, which moves while somebody pages through them.

The cursor holds the moment of the first page, and later pages have everything where it stood then: what
has moved up since is neither skipped nor shown twice, and what is new is for the next look at the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from app.kernel.clock import clock
from app.kernel.pagination import decode_cursor, encode_cursor
from app.messaging.conversations.models import Conversation, Message
from app.platform.database import UtcDateTime


@dataclass(frozen=True, slots=True)
class Place:
    """The moment that the pages speak of, and after which conversation this one begins."""

    as_of: datetime
    after: tuple[datetime, str] | None = None


def place_of(cursor: str | None) -> Place:
    """Where a page begins; raises `Invalid` for a damaged cursor."""
    key = decode_cursor(cursor, datetime, datetime, str)
    return Place(clock.now()) if key is None else Place(key[0], (key[1], key[2]))


def page_of(query: Select[Any], place: Place, limit: int) -> Select[Any]:
    """The query's conversations from there on, the newest first, one more than the page holds."""
    stood: Any = Conversation.last_at
    if place.after is not None:
        stood = _stood(place.as_of)
        at, ident = literal(place.after[0], UtcDateTime()), place.after[1]
        query = query.where(or_(stood < at, and_(stood == at, Conversation.id < ident)))
    named = stood.label("stood")
    return query.add_columns(named).order_by(named.desc(), Conversation.id.desc()).limit(limit + 1)


def cursor_after(rows: Sequence[Any], place: Place, limit: int) -> str | None:
    """The cursor of the next page; None when there is none."""
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return encode_cursor(place.as_of.isoformat(), last.stood.isoformat(), last.id)


def _stood(as_of: datetime) -> ColumnElement[Any]:
    moment = literal(as_of, UtcDateTime())
    before = (
        select(func.max(Message.at))
        .where(Message.conversation_id == Conversation.id, Message.at <= moment)
        .correlate(Conversation)
        .scalar_subquery()
    )
    return case((Conversation.last_at <= moment, Conversation.last_at), else_=before)
