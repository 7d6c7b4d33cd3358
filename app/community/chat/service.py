"""The writes of conversations. Each checks by itself who may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.community.chat import queries
from app.community.chat.events import ConversationStarted, MessageRemoved, MessageSent
from app.community.chat.models import Conversation, Message, Participant
from app.community.chat.rules import client_id_fits, kind_of, pair_key
from app.community.chat.values import (
    GROUP,
    LONGEST_BODY,
    LONGEST_TITLE,
    MOST_MEMBERS,
    MessageView,
    Sent,
    room_of,
)
from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import new_id
from app.people.accounts.models import Member
from app.people.accounts.queries import require_active, require_role
from app.people.blocks.queries import is_blocked_between
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.limits import check_rate
from app.platform.markup import clean_line, clean_text, render_markdown
from app.platform.realtime import member_room

SEND_RATE = "600/minute"
START_RATE = "120/hour"

# The statements of sending are built once: most of a message's cost was building them anew.
_conversation, _member = cast(Table, Conversation.__table__), cast(Table, Member.__table__)
_people, _message = cast(Table, Participant.__table__), cast(Table, Message.__table__)

# Who takes part, how far each has read; locks the conversation until the end of the transaction.
PEOPLE: Final = (
    select(_people.c.member_id, _people.c.read_seq, _member.c.handle, _conversation.c.kind)
    .join(_conversation, _conversation.c.id == _people.c.conversation_id)
    .join(_member, _member.c.id == _people.c.member_id)
    .where(_conversation.c.id == bindparam("conversation"), _people.c.left_at.is_(None))
    .with_for_update(of=_conversation)
)

SENT_BEFORE: Final = select(_message.c.id, _message.c.seq).where(
    _message.c.conversation_id == bindparam("conversation"),
    _message.c.author_id == bindparam("member"),
    _message.c.client_id == bindparam("client"),
)

NEXT_SEQ: Final = (
    update(_conversation)
    .where(_conversation.c.id == bindparam("conversation"))
    .values(last_seq=_conversation.c.last_seq + 1, last_at=bindparam("now"))
    .returning(_conversation.c.last_seq)
)

ADD_MESSAGE: Final = _message.insert()

READ_UPTO: Final = (
    update(_people)
    .where(
        _people.c.conversation_id == bindparam("conversation"),
        _people.c.member_id == bindparam("member"),
        _people.c.read_seq < bindparam("upto"),
    )
    .values(read_seq=bindparam("upto"))
)


def start_conversation(
    actor: int, member_ids: Iterable[int], listing_id: str | None = None, title: str | None = None
) -> tuple[str, bool]:
    """Open a conversation, or find the one that stands: its id, and whether it is new."""
    others = sorted(set(member_ids) - {actor})
    if not others:
        raise Invalid(_("A conversation needs somebody else."), code="nobody_else")
    if len(others) >= MOST_MEMBERS:
        raise Invalid(_("That is too many people for one conversation."), code="too_many_members")
    heading = clean_line(title, LONGEST_TITLE) or None if title else None
    key = pair_key(actor, others[0], listing_id) if len(others) == 1 else None
    with unit_of_work() as work:
        require_active(actor)
        _check_reachable(actor, others)
        standing = _find_by_key(key)
        if standing is not None:
            return standing, False
        check_rate(f"chat-start:{actor}", START_RATE)
        row = {
            "id": new_id(),
            "kind": kind_of(len(others), listing_id),
            "pair_key": key,
            "listing_id": listing_id,
            "title": heading,
            "last_seq": 0,
            "last_change_seq": 0,
            "started_at": clock.now(),
            "last_at": clock.now(),
        }
        # Two may begin at once: PostgreSQL waits for the other here, then finds that it stands.
        made = db.session.scalar(
            _insert(Conversation).values(row).on_conflict_do_nothing().returning(Conversation.id)
        )
        if made is None:
            return _get_by_key(key), False
        db.session.execute(
            _insert(Participant),
            [
                {"conversation_id": row["id"], "member_id": ident, "read_seq": 0}
                for ident in (actor, *others)
            ],
        )
        work.record(ConversationStarted(conversation_id=str(row["id"]), starter_id=actor))
        return str(row["id"]), True


def send_message(actor: int, conversation_id: str, client_id: str, body: str) -> Sent:
    """Say something; the same `client_id` of the same author has the same place for good."""
    if not client_id_fits(client_id):
        raise Invalid(_("The message has no proper client id."), code="bad_client_id")
    text = clean_text(body, LONGEST_BODY)
    if not text:
        raise Invalid(_("The message is empty."), code="empty_message")
    check_rate(f"chat-send:{actor}", SEND_RATE)
    with unit_of_work() as work:
        # Holding the conversation's row makes a second try of the same message wait for the first.
        people = {
            row.member_id: row
            for row in db.session.execute(PEOPLE, {"conversation": conversation_id})
        }
        if actor not in people:
            raise NotFound(_("There is no such conversation."))
        before = _find_sent(conversation_id, actor, client_id)
        if before is not None:
            return before
        require_active(actor)
        if people[actor].kind != GROUP:
            # In a group two who block each other just don't talk privately.
            _check_not_blocked(actor, people.keys() - {actor})
        return _append(work, actor, conversation_id, client_id, text, people)


def mark_read(actor: int, conversation_id: str, seq: int) -> int:
    """Read up to `seq`; never back, never beyond the last message. Answers how far."""
    with unit_of_work() as work:
        view = queries.get_conversation(actor, conversation_id)
        upto = min(seq, view.last_seq)
        if upto <= view.read_seq:
            return view.read_seq
        place = {"conversation": conversation_id, "member": actor}
        db.session.execute(READ_UPTO, {**place, "upto": upto})
        work.hint(
            room_of(conversation_id),
            "conversation:read",
            {"conversation": conversation_id, "member": _handle(actor), "seq": upto},
        )
        return upto


def remove_message(actor: int, message_id: str) -> None:
    """The author takes back what was said."""
    with unit_of_work() as work:
        require_active(actor)
        found = queries.get_message(message_id)
        if found.author_id != actor:
            raise Forbidden(_("Only the author can take a message back."), code="not_yours")
        _remove(work, actor, found)


def remove_by_moderator(actor: int, message_id: str) -> None:
    """A moderator's decision: the words are hidden from everybody."""
    with unit_of_work() as work:
        require_role(actor, "moderator")
        _remove(work, actor, queries.get_message(message_id))


def payload_of(message: MessageView) -> dict[str, Any]:
    """A message as the API and the sockets send it."""
    return {
        "conversation": message.conversation_id,
        "id": message.id,
        "seq": message.seq,
        "change_seq": message.change_seq,
        "client_id": message.client_id,
        "author": message.author,
        "body": message.body,
        "html": message.html,
        "at": message.at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "deleted": message.deleted,
    }


def _append(
    work: UnitOfWork, actor: int, conversation_id: str, client_id: str, text: str, people: Mapping[int, Any]
) -> Sent:
    now = clock.now()
    place = {"conversation": conversation_id, "member": actor}
    seq = db.session.execute(NEXT_SEQ, {**place, "now": now}).scalar_one()
    message_id = new_id()
    row = {
        "id": message_id,
        "conversation_id": conversation_id,
        "seq": seq,
        "change_seq": 0,
        "client_id": client_id,
        "author_id": actor,
        "body": text,
        "at": now,
    }
    db.session.execute(ADD_MESSAGE, row)
    db.session.execute(READ_UPTO, {**place, "upto": seq})
    work.record(
        MessageSent(conversation_id=conversation_id, message_id=message_id, author_id=actor, seq=seq)
    )
    said = MessageView(
        **row, author=people[actor].handle, html=render_markdown(text), edited_at=None, deleted=False
    )
    work.hint(room_of(conversation_id), "message:new", payload_of(said))
    for ident, person in people.items():
        if ident == actor:
            continue
        told = {"kind": "message", "id": message_id, "conversation": conversation_id}
        # `first`: until now nothing waited there, so the badge grows.
        first = person.read_seq == seq - 1
        work.hint(member_room(ident), "notification:new", {**told, "first": first})
    return Sent(message_id, seq, created=True)


def _remove(work: UnitOfWork, actor: int, message: MessageView) -> None:
    if message.deleted:
        return
    change = db.session.execute(
        update(Conversation)
        .where(Conversation.id == message.conversation_id)
        .values(last_change_seq=Conversation.last_change_seq + 1)
        .returning(Conversation.last_change_seq)
    ).scalar_one()
    db.session.execute(
        update(Message)
        .where(Message.id == message.id, Message.deleted_at.is_(None))
        .values(deleted_at=clock.now(), change_seq=change)
    )
    work.record(
        MessageRemoved(
            conversation_id=message.conversation_id, message_id=message.id, actor_id=actor
        )
    )
    changed = payload_of(queries.get_message(message.id))
    work.hint(room_of(message.conversation_id), "message:changed", changed)


def _insert(table: Any) -> Any:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(table.__table__)


def _find_by_key(key: str | None) -> str | None:
    if key is None:
        return None
    return db.session.scalar(select(Conversation.id).where(Conversation.pair_key == key))


def _get_by_key(key: str | None) -> str:
    found = _find_by_key(key)
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found


def _check_reachable(actor: int, others: list[int]) -> None:
    standing = select(func.count()).where(Member.id.in_(others), Member.active.is_(True))
    if db.session.scalar(standing) != len(others):
        raise NotFound(_("There is no such member."))
    _check_not_blocked(actor, others)


def _find_sent(conversation_id: str, actor: int, client_id: str) -> Sent | None:
    place = {"conversation": conversation_id, "member": actor, "client": client_id}
    row = db.session.execute(SENT_BEFORE, place).one_or_none()
    return Sent(row.id, row.seq, created=False) if row else None


def _check_not_blocked(actor: int, others: Iterable[int]) -> None:
    if any(is_blocked_between(actor, other) for other in others):
        raise Forbidden(_("You cannot write to this member."), code="blocked")


def _handle(member_id: int) -> str:
    return str(db.session.scalar(select(Member.handle).where(Member.id == member_id)))
