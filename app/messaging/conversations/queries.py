"""Reads of conversations. Who does not take part learns not even that they exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select, true
from sqlalchemy.orm import aliased

from app.kernel.errors import NotFound
from app.kernel.ids import ConversationId, ListingId, MemberId, MessageId
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.viewer import Viewer
from app.messaging.conversations import statements
from app.messaging.conversations.conversation_rows import others_of, person_of, row_of, rows_of
from app.messaging.conversations.message_rows import NOBODY, views
from app.messaging.conversations.models import Conversation, Message, MessageEdit, Participant
from app.messaging.conversations.order import cursor_after, page_of, place_of
from app.messaging.conversations.rules import pair_key
from app.messaging.conversations.unread import has_unread, who_waits
from app.messaging.conversations.values import (
    CATCH_UP,
    PAIRS,
    ROOM,
    ConversationRow,
    ConversationView,
    EditView,
    Found,
    MessageView,
    ParticipantStatus,
    PersonView,
)
from app.people.accounts.models import Member
from app.people.blocks.queries import unread_by
from app.platform.database import db
from app.platform.markup import render_markdown
from app.platform.search.folding import fold
from app.platform.search.words import words

_LAST = 2**31 - 1


def unread_badge(who: Viewer) -> ScalarSelect[int]:
    """In how many conversations something waits to be read; a subquery for the page frame."""
    return (
        select(func.count())
        .select_from(Participant)
        .join(Conversation, Conversation.id == Participant.conversation_id)
        .where(
            *_present(who.id),
            Participant.standing == ParticipantStatus.INSIDE,
            Participant.muted.is_(False),
            has_unread(),
        )
        .scalar_subquery()
    )


def count_requests(member_id: MemberId) -> int:
    """How many first messages from outside the circle wait."""
    query = (
        select(func.count())
        .select_from(Participant)
        .join(Conversation, Conversation.id == Participant.conversation_id)
        .where(*_present(member_id), Participant.standing == ParticipantStatus.REQUEST, Conversation.last_seq > 0)
    )
    return db.session.scalar(query) or 0


def list_conversations(
    member_id: MemberId,
    limit: int = 30,
    cursor: str | None = None,
    *,
    unread: bool = False,
    standings: Sequence[ParticipantStatus] = (ParticipantStatus.INSIDE,),
) -> Page[ConversationRow]:
    """The member's conversations in which something was said, the newest message first."""
    mine = rows_of(member_id).where(Participant.standing.in_(standings))
    if unread:
        mine = mine.where(has_unread())
    place = place_of(cursor)
    rows = list(db.session.execute(page_of(mine, place, limit)))
    shown = rows[:limit]
    others = others_of(member_id, shown)
    more = cursor_after(rows, place, limit)
    return Page([row_of(member_id, row, others.get(row.id, ())) for row in shown], more)


def get_conversation(member_id: MemberId, conversation_id: ConversationId) -> ConversationView:
    """One that the member takes part in; raises `NotFound` for all others alike."""
    place = {"conversation": conversation_id, "member": member_id}
    row = db.session.execute(statements.VIEW, place).one_or_none()
    if row is None:
        raise NotFound("This conversation doesn’t exist.")
    others = () if row.kind == ROOM else people_beside(member_id, conversation_id, pair=row.kind in PAIRS)
    return ConversationView(
        id=row.id,
        kind=row.kind,
        title=row.title,
        listing_id=row.listing_id,
        last_seq=row.last_seq,
        last_change_seq=row.last_change_seq,
        read_seq=row.read_seq,
        first_unread=row.first_unread,
        others=others,
        standing=row.standing,
        role=row.role,
        muted=row.muted,
        about=row.about,
        place=row.place,
        people=_count_people(row.id) if row.kind == ROOM else len(others) + 1,
    )


def people_beside(
    member_id: MemberId, conversation_id: ConversationId, *, pair: bool = False, most: int = 200
) -> tuple[PersonView, ...]:
    """Who else takes part, the owner first. Of two people the other one stays to be seen after leaving."""
    place = {"conversation": conversation_id, "member": member_id, "most": most}
    rows = db.session.execute(statements.OTHERS, place)
    return tuple(person_of(row) for row in rows if pair or row.left_at is None)


def wary_of(conversation_id: ConversationId, authors: Iterable[MemberId]) -> list[MemberId]:
    """Those of a conversation who read no words of one of these authors, for they block them."""
    place = {"conversation": conversation_id, "authors": list(authors)}
    return list(db.session.scalars(statements.WARY, place))


def messages_after(
    conversation_id: ConversationId, seq: int, limit: int = CATCH_UP, *, reader: MemberId = NOBODY
) -> list[MessageView]:
    """What was said after `seq`, in order."""
    return _in(conversation_id, statements.AFTER, reader, seq=seq, most=limit)


def messages_before(
    conversation_id: ConversationId, seq: int | None, limit: int, *, reader: MemberId = NOBODY
) -> list[MessageView]:
    """The last that was said (before `seq`), in order."""
    before = _LAST if seq is None else seq
    return _in(conversation_id, statements.BEFORE, reader, seq=before, most=limit)[::-1]


def changed_after(
    conversation_id: ConversationId, change_seq: int, limit: int = CATCH_UP, *, reader: MemberId = NOBODY
) -> list[MessageView]:
    """What was edited, reacted to or taken away after `change_seq`, in order of the changes."""
    return _in(conversation_id, statements.CHANGED, reader, seq=change_seq, most=limit)


def get_message(message_id: MessageId, *, reader: MemberId = NOBODY) -> MessageView:
    """One message, for whoever may see it; raises `NotFound`."""
    found = views(statements.BY_ID, {"message": message_id, "reader": reader})
    if not found:
        raise NotFound("This message no longer exists.")
    return found[0]


def find_message_at(conversation_id: ConversationId, seq: int, *, reader: MemberId = NOBODY) -> MessageView | None:
    """The message with this number."""
    found = _in(conversation_id, statements.AT, reader, seq=seq)
    return found[0] if found else None


def get_message_of(member_id: MemberId, message_id: MessageId) -> MessageView:
    """One of a conversation in which the member takes part; raises `NotFound` for all others alike."""
    found = get_message(message_id, reader=member_id)
    if not takes_part(member_id, found.conversation_id):
        raise NotFound("This message no longer exists.")
    return found


def edits_of(member_id: MemberId, message_id: MessageId) -> list[EditView]:
    """What a message said before, the oldest first; of a removed one nothing."""
    found = get_message_of(member_id, message_id)
    if found.deleted or found.hidden or (found.held and found.author_id != member_id):
        return []
    query = select(MessageEdit.body, MessageEdit.at).where(MessageEdit.message_id == message_id)
    rows = db.session.execute(query.order_by(MessageEdit.id))
    return [EditView(row.body, render_markdown(row.body), row.at) for row in rows]


def takes_part(member_id: MemberId, conversation_id: ConversationId) -> bool:
    """Whether the member may read there."""
    query = select(Participant.member_id).where(Participant.conversation_id == conversation_id, *_present(member_id))
    return db.session.scalar(query) is not None


def shared_by(one: MemberId, other: MemberId) -> list[ConversationId]:
    """The conversations of just these two people."""
    first, second = aliased(Participant), aliased(Participant)
    query = (
        select(Conversation.id)
        .join(first, first.conversation_id == Conversation.id)
        .join(second, second.conversation_id == Conversation.id)
        .where(first.member_id == one, second.member_id == other, Conversation.kind.in_(PAIRS))
    )
    return list(db.session.scalars(query))


def between(one: MemberId, other: MemberId, listing_id: ListingId) -> ConversationId | None:
    """What the two have said to each other about a listing."""
    return db.session.scalar(select(Conversation.id).where(Conversation.pair_key == pair_key(one, other, listing_id)))


def about_listing(listing_id: ListingId) -> list[ConversationId]:
    """The conversations about a listing in which something was said."""
    query = select(Conversation.id).where(Conversation.listing_id == listing_id, Conversation.last_seq > 0)
    return list(db.session.scalars(query.order_by(Conversation.id)))


def people_about(member_id: MemberId, listing_id: ListingId, *, limit: int = 30) -> list[MemberId]:
    """With whom the member has talked about a listing, the latest first."""
    mine, other = aliased(Participant), aliased(Participant)
    query = (
        select(other.member_id)
        .select_from(Conversation)
        .join(mine, and_(mine.conversation_id == Conversation.id, mine.member_id == member_id))
        .join(other, and_(other.conversation_id == Conversation.id, other.member_id != member_id))
        .where(Conversation.listing_id == listing_id, Conversation.kind.in_(PAIRS), Conversation.last_seq > 0)
        .order_by(Conversation.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def to_notify(message_ids: Sequence[MessageId]) -> dict[str, list[MemberId]]:
    """For whom each message waits to be read, of those who want to be told of such.

    Whether they have a line about the conversation already is for the bell to say.
    """
    found: dict[str, list[MemberId]] = {}
    for row in db.session.execute(statements.TO_NOTIFY, {"messages": message_ids}):
        found.setdefault(row.id, []).append(row.member_id)
    return found


def still_to_notify(conversation_id: ConversationId, member_ids: Iterable[MemberId]) -> dict[MemberId, int]:
    """Those of the members for whom something waits there, with who has said the first of it."""
    author = who_waits()
    query = (
        select(Participant.member_id, author.label("author_id"))
        .join(Conversation, Conversation.id == Participant.conversation_id)
        .where(
            Participant.conversation_id == conversation_id,
            Participant.member_id.in_(list(member_ids)),
            *statements.wants_to_be_told(),
        )
    )
    return {row.member_id: row.author_id for row in db.session.execute(query) if row.author_id is not None}


def search_messages(
    member_id: MemberId,
    typed: str,
    *,
    conversation_id: ConversationId | None = None,
    limit: int = 30,
    cursor: str | None = None,
) -> Page[Found]:
    """The member's messages that have all the words, the newest first; nobody else's."""
    wanted = words(typed)[:8]
    if not wanted:
        return Page([], None)
    said = select(Message.id).where(
        Message.conversation_id == Participant.conversation_id,
        Message.deleted_at.is_(None),
        Message.held_at.is_(None),
        ~unread_by(member_id, Message.author_id),
        *(Message.folded.contains(word, autoescape=True) for word in wanted),
    )
    after = decode_cursor(cursor, str)
    if after is not None:
        said = said.where(Message.id < after[0])
    ids = _newest_in_each(said.order_by(Message.seq.desc()).limit(limit + 1)).where(
        *_present(member_id), Participant.standing == ParticipantStatus.INSIDE
    )
    if conversation_id is not None:
        ids = ids.where(Participant.conversation_id == conversation_id)
    found = list(db.session.scalars(ids.limit(limit + 1)))
    query = statements.MESSAGES.where(Message.id.in_(found[:limit])).order_by(Message.id.desc())
    messages = views(query, {"reader": member_id})
    places = conversations_by_id(member_id, {one.conversation_id for one in messages})
    more = encode_cursor(found[limit - 1]) if len(found) > limit else None
    return Page([Found(one, places[one.conversation_id]) for one in messages], more)


def _newest_in_each(said: Select[Any]) -> Select[Any]:
    """Ids of messages, the newest of all conversations first, where `said` gives some of each participant's.

    Each conversation is read from its end until it has given enough: read by the messages' ids alone,
    those of everybody else would be gone through too.
    """
    if db.engine.dialect.name == "postgresql":
        each = said.correlate(Participant).lateral()
        return select(each.c.id).select_from(Participant).join(each, true()).order_by(each.c.id.desc())
    one = aliased(Message)  # SQLite knows no LATERAL; a list that depends on the outer row does the same
    found = select(one.id).select_from(Participant).join(one, one.id.in_(said.correlate(Participant)))
    return found.order_by(one.id.desc())


def conversations_by_id(member_id: MemberId, ids: Iterable[str]) -> dict[str, ConversationRow]:
    """The member's conversations with these ids."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = list(db.session.execute(rows_of(member_id).where(Conversation.id.in_(wanted))))
    others = others_of(member_id, rows)
    return {row.id: row_of(member_id, row, others.get(row.id, ())) for row in rows}


def fold_body(text: str) -> str:
    """A body as it is searched."""
    return fold(text)


def handle_of(member_id: MemberId) -> str:
    """By which name the others know a participant."""
    return str(db.session.scalar(select(Member.handle).where(Member.id == member_id)))


def _in(conversation_id: ConversationId, query: Select[Any], reader: MemberId, **place: int) -> list[MessageView]:
    return views(query, {"conversation": conversation_id, "reader": reader, **place})


def _present(member_id: MemberId) -> tuple[ColumnElement[bool], ...]:
    return Participant.member_id == member_id, Participant.left_at.is_(None)


def positions_of(conversation_ids: Sequence[ConversationId]) -> dict[str, tuple[int, int]]:
    """How far each has come: the last `seq` and the last `change_seq`."""
    query = select(Conversation.id, Conversation.last_seq, Conversation.last_change_seq)
    found = db.session.execute(query.where(Conversation.id.in_(conversation_ids)))
    return {row.id: (row.last_seq, row.last_change_seq) for row in found}


def _count_people(conversation_id: ConversationId) -> int:
    query = select(func.count()).where(Participant.conversation_id == conversation_id, Participant.left_at.is_(None))
    return db.session.scalar(query) or 0
