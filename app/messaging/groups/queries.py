"""Reads of open rooms, and of who can be mentioned in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from app.kernel.errors import NotFound
from app.kernel.ids import ConversationId, MemberId, is_id
from app.kernel.pagination import Page
from app.messaging.conversations.models import Conversation, Message, Participant
from app.messaging.conversations.order import cursor_after, page_of, place_of
from app.messaging.conversations.values import ROOM, ParticipantStatus
from app.messaging.groups.values import Candidate, RoomView
from app.people.accounts.models import Member
from app.people.blocks.queries import visible_owner
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.database import db
from app.platform.search.folding import fold
from app.platform.search.index import Document
from app.platform.search.words import words
from app.platform.subjects import NOBODY
from app.trust.circle.queries import circle_of, trails
from app.trust.circle.values import CircleView

_NEAREST = 500  # of the viewer's circle
MOST_NAMES = 8  # of a room's people, offered at a time
_LATELY = 300  # messages of a room, whose authors come first
_ALIKE = 300  # members whose names begin alike
_LAST_LETTER = "\U0010ffff"


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


def people_near(
    viewer_id: MemberId, typed: str = "", *, without: Collection[MemberId] = (), limit: int = 24
) -> list[Candidate]:
    """Those of the viewer's circle whose name or username goes with what was typed, the nearest first."""
    circle = circle_of(viewer_id)
    near = [one for one in circle.ids[:_NEAREST] if one not in without]
    wanted = fold(typed.strip())
    if wanted:
        faces = cards(near)
        near = [one for one in near if one in faces and _goes_with(faces[one], wanted)]
    ways = trails(viewer_id, near[:limit], circle)
    return [Candidate(way.target, way) for way in map(ways.get, near[:limit]) if way and way.target]


def people_to_mention(viewer_id: MemberId, room_id: ConversationId, typed: str) -> list[MemberCard]:
    """Those of the room's people whose name or username goes with what was typed; who spoke lately comes first.

    A room may have thousands: of those who have not spoken lately, only names that begin so are found.
    """
    wanted = fold(typed.strip())
    lately = select(Message.author_id.label("id"), Message.seq).where(Message.conversation_id == room_id)
    last = lately.order_by(Message.seq.desc()).limit(_LATELY).subquery()
    speakers = select(last.c.id).group_by(last.c.id).order_by(func.max(last.c.seq).desc())
    found = [one for one in _mentionable(viewer_id, room_id, speakers) if _goes_with(one, wanted)]
    if len(found) < MOST_NAMES and wanted:
        seen = {one.id for one in found}
        for column, begin in ((Member.handle, wanted), (func.lower(Member.name), typed.strip().lower())):
            alike = select(Member.id).where(column >= begin, column < begin + _LAST_LETTER).order_by(column)
            for one in _mentionable(viewer_id, room_id, alike.limit(_ALIKE)):
                if one.id not in seen:
                    seen.add(one.id)
                    found.append(one)
    return found[:MOST_NAMES]


def _mentionable(viewer_id: MemberId, room_id: ConversationId, members: Select[Any]) -> list[MemberCard]:
    """Those of the members who are inside and in touch with the viewer, in the order given."""
    ids = list(db.session.scalars(members))
    inside = select(Participant.member_id).where(
        Participant.conversation_id == room_id,
        Participant.member_id.in_(ids),
        Participant.member_id != viewer_id,
        Participant.left_at.is_(None),
        Participant.standing == ParticipantStatus.INSIDE,
        visible_owner(Participant.member_id, viewer_id),
    )
    faces = cards(db.session.scalars(inside))
    return [faces[one] for one in ids if one in faces]


def _goes_with(one: MemberCard, wanted: str) -> bool:
    return wanted in one.handle or wanted in fold(one.name)


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
