"""Reads of open rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from app.kernel.errors import NotFound
from app.kernel.ids import ConversationId, MemberId, is_id
from app.kernel.pagination import Page
from app.messaging.conversations.models import Conversation, Participant
from app.messaging.conversations.order import cursor_after, page_of, place_of
from app.messaging.conversations.values import ROOM
from app.messaging.groups.values import RoomView
from app.platform.database import db
from app.platform.search.index import Document
from app.platform.search.words import words
from app.platform.subjects import NOBODY
from app.trust.circle.queries import circle_of, trails
from app.trust.circle.values import CircleView

_NEAREST = 500  # of the viewer's circle


def find_rooms(viewer_id: MemberId, typed: str = "", *, limit: int = 30, cursor: str | None = None) -> Page[RoomView]:
    """Open rooms whose name, topic or place has all the words, the liveliest first."""
    place = place_of(cursor)
    query = _rooms(viewer_id)
    for word in words(typed)[:8]:
        query = query.where(Conversation.search_key.contains(word, autoescape=True))
    rows = list(db.session.execute(page_of(query, place, limit)))
    shown = _with_trust(viewer_id, [_view(row) for row in rows[:limit]])
    return Page(shown, cursor_after(rows, place, limit))


def get_room(viewer_id: MemberId, room_id: ConversationId) -> RoomView:
    """One open room; raises `NotFound`."""
    if not is_id(room_id):
        raise NotFound("This room doesn’t exist.")
    row = db.session.execute(_rooms(viewer_id).where(Conversation.id == room_id)).one_or_none()
    if row is None:
        raise NotFound("This room doesn’t exist.")
    return _with_trust(viewer_id, [_view(row)])[0]


def rooms_by_id(viewer_id: MemberId, ids: Sequence[str]) -> dict[str, RoomView]:
    """Those of the rooms that are open."""
    rows = db.session.execute(_rooms(viewer_id).where(Conversation.id.in_(ids)))
    return {room.id: room for room in _with_trust(viewer_id, [_view(row) for row in rows])}


def search_documents(room_id: ConversationId | None = None) -> list[Document]:
    """What the search should know of one open room, or of all, the oldest first."""
    query = _rooms(NOBODY).add_columns(Conversation.last_at).order_by(Conversation.id)
    if room_id is not None:
        query = query.where(Conversation.id == room_id)
    return [
        Document("room", row.id, row.title or "", row.about or "", row.last_at, place=row.place or "")
        for row in db.session.execute(query)
    ]


def _rooms(viewer_id: MemberId) -> Select[Any]:
    mine, everybody = aliased(Participant), aliased(Participant)
    people = (
        select(func.count())
        .where(everybody.conversation_id == Conversation.id, everybody.left_at.is_(None))
        .correlate(Conversation)
        .scalar_subquery()
    )
    inside = exists().where(
        mine.conversation_id == Conversation.id, mine.member_id == viewer_id, mine.left_at.is_(None)
    )
    return select(
        Conversation.id,
        Conversation.title,
        Conversation.about,
        Conversation.place,
        people.label("people"),
        inside.label("inside"),
    ).where(Conversation.kind == ROOM, Conversation.search_key != "")


def _view(row: Any) -> RoomView:
    return RoomView(row.id, row.title or "", row.about, row.place, row.people, bool(row.inside))


def _with_trust(viewer_id: MemberId, rooms: Sequence[RoomView]) -> list[RoomView]:
    if not rooms:
        return []
    circle = circle_of(viewer_id)
    known = _known_in([room.id for room in rooms], circle)
    best = {ident: max(members, key=circle.score) for ident, members in known.items()}
    ways = trails(viewer_id, best.values(), circle) if best else {}
    return [
        replace(room, trusted=len(known.get(room.id, ())), trail=ways.get(best.get(room.id, NOBODY))) for room in rooms
    ]


def _known_in(ids: Sequence[str], circle: CircleView) -> Mapping[str, list[MemberId]]:
    near = circle.ids[:_NEAREST]
    if not near:
        return {}
    query = select(Participant.conversation_id, Participant.member_id).where(
        Participant.conversation_id.in_(ids),
        Participant.member_id.in_(near),
        Participant.left_at.is_(None),
    )
    found: dict[str, list[MemberId]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.conversation_id, []).append(row.member_id)
    return found
