"""What becomes of a message after it was said: edits, reactions, deletion, a moderator's word.

Each takes the conversation's next `change_seq`, so that whoever was away finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import ConversationId, MemberId, MessageId
from app.messaging.conversations import queries
from app.messaging.conversations.events import MessageEdited, MessageReleased, MessageRemoved, MessageSent
from app.messaging.conversations.models import Message, MessageEdit, MessagePhoto, MessageReaction
from app.messaging.conversations.numbers import next_changes, number_changes
from app.messaging.conversations.rules import may_edit
from app.messaging.conversations.sending import people_of
from app.messaging.conversations.service import fraud_signals_of
from app.messaging.conversations.telling import tell_mentioned, tell_others, tell_room
from app.messaging.conversations.values import EMOJI, MAX_BODY_LENGTH, ROOM, MessageView, ParticipantStatus, Role
from app.people.accounts.queries import require_active
from app.people.blocks.queries import is_blocked_between
from app.platform.database import UnitOfWork, db, rows_changed, unit_of_work
from app.platform.files import forget_photos
from app.platform.limits import check_rate
from app.platform.markup import clean_text
from app.platform.search.folding import fold
from app.platform.sql import insert_into
from app.platform.subjects import Ruling, Taken

CHANGE_RATE = "120/minute"


def edit_message(actor: MemberId, message_id: MessageId, body: str | Callable[[str], str]) -> MessageView:
    """The author puts it differently, for two days; what it said before is kept.

    A function gets the words as they are now, held until the commit.
    """
    if not callable(body):
        _said(body)  # before anything is asked of the database
    check_rate(f"chat-change:{actor}", CHANGE_RATE)
    with unit_of_work() as work:
        require_active(actor)
        found = queries.get_message_of(actor, message_id)
        check_editable(actor, found)
        _check_in_touch(actor, found)
        change = next_changes(found.conversation_id)
        # Read again behind the conversation's lock: somebody may have changed it meanwhile.
        found = queries.get_message(message_id, reader=actor)
        check_editable(actor, found)
        text = _said(body(found.body) if callable(body) else body)
        if text == found.body:
            return found
        verdict = fraud_signals_of(actor, found.conversation_id, text)
        values: dict[str, Any] = {
            "body": text,
            "folded": queries.fold_body(text),
            "edited_at": clock.now(),
            "change_seq": change,
            "signs": [sign.value for sign in verdict.signs] if verdict else None,
        }
        if verdict is not None and verdict.hold and not found.held:
            values["held_at"] = clock.now()
        db.session.execute(
            insert(MessageEdit).values(message_id=message_id, body=found.body, at=found.edited_at or found.at)
        )
        db.session.execute(update(Message).where(Message.id == message_id).values(**values))
        work.record(MessageEdited(conversation_id=found.conversation_id, message_id=message_id, author_id=actor))
        return _tell(work, message_id, actor)


def check_editable(actor: MemberId, message: MessageView) -> None:
    """Refuse whoever may not, or may no longer, put this message differently."""
    if message.author_id != actor or message.card:
        raise Forbidden("You can only edit your own messages.", code="not_yours")
    if message.deleted:
        raise Conflict("This message was deleted.", code="removed")
    if not may_edit(message.at, clock.now()):
        raise Forbidden("You can edit a message for 48 hours.", code="too_late")


def _said(body: str) -> str:
    text = clean_text(body, MAX_BODY_LENGTH)
    if not text:
        raise Invalid("Write a message first.", code="empty_message")
    return text


def react(actor: MemberId, message_id: MessageId, emoji: str, *, on: bool) -> MessageView:
    """One of a few signs, given or taken back; again changes nothing."""
    if emoji not in EMOJI:
        raise Invalid("Choose one of: %(signs)s", code="bad_reaction", signs=" ".join(EMOJI))
    check_rate(f"chat-change:{actor}", CHANGE_RATE)
    with unit_of_work() as work:
        require_active(actor)
        found = queries.get_message_of(actor, message_id)
        _check_inside(actor, found.conversation_id)
        if found.deleted or found.hidden or found.held:
            raise Conflict("This message was deleted.", code="removed")
        if on:
            _check_in_touch(actor, found, found.author_id)
            row = {"message_id": message_id, "member_id": actor, "emoji": emoji, "at": clock.now()}
            made = db.session.scalar(
                insert_into(MessageReaction).values(row).on_conflict_do_nothing().returning(MessageReaction.emoji)
            )
            changed = made is not None
        else:
            mine = delete(MessageReaction).where(
                MessageReaction.message_id == message_id,
                MessageReaction.member_id == actor,
                MessageReaction.emoji == emoji,
            )
            changed = rows_changed(db.session.execute(mine)) > 0
        if not changed:
            return found
        number_changes(found.conversation_id, [message_id])
        return _tell(work, message_id, actor)


def remove_message(actor: MemberId, message_id: MessageId) -> None:
    """The author takes back what was said; in a room the owner may too."""
    with unit_of_work() as work:
        require_active(actor)
        found = queries.get_message_of(actor, message_id)
        if found.author_id != actor:
            view = queries.get_conversation(actor, found.conversation_id)
            if view.kind != ROOM or view.role != Role.OWNER:
                raise Forbidden("You can only delete your own messages.", code="not_yours")
        if found.card:
            raise Forbidden("This can’t be deleted.", code="not_yours")
        _remove(work, actor, found)


def remove(message_id: MessageId, ruling: Ruling) -> Taken | None:
    """Remove it, whatever the moderator is by now; again changes nothing. Its pictures are kept out of sight."""
    with unit_of_work() as work:
        at = _remove(work, ruling.moderator_id, queries.get_message(message_id), for_good=False)
    return {"at": at.isoformat()} if at else None


def restore(message_id: MessageId, ruling: Ruling) -> None:
    """Put back what a decision removed: for everybody in the room it is a change like any other."""
    with unit_of_work() as work:
        found = queries.get_message(message_id)
        there = and_(Message.id == message_id, Message.deleted_at == datetime.fromisoformat(ruling.taken["at"]))
        body = db.session.scalar(select(Message.body).where(there).with_for_update())
        if body is None:
            return
        change = next_changes(found.conversation_id)
        back = update(Message).where(there).values(deleted_at=None, change_seq=change, folded=fold(body))
        db.session.execute(back)
        _tell_of(work, found, ruling.moderator_id)


def release_held(actor: MemberId, message_id: MessageId) -> MemberId:
    """The others read a held message from now on, and are told; answers its author.

    Called inside the unit of work of the decision, which is checked and logged there.
    """
    with unit_of_work() as work:
        found = _held(actor, message_id)
        people = people_of(found.author_id, found.conversation_id)
        change = next_changes(found.conversation_id)
        freed = db.session.scalar(
            update(Message)
            .where(Message.id == message_id, Message.held_at.is_not(None), Message.deleted_at.is_(None))
            .values(held_at=None, change_seq=change, freed_change=change)
            .returning(Message.body)
        )
        if freed is None:
            raise _decided()
        place, author = found.conversation_id, found.author_id
        work.record(MessageReleased(conversation_id=place, message_id=message_id, moderator_id=actor))
        work.record(MessageSent(conversation_id=place, message_id=message_id, author_id=author, seq=found.seq))
        tell_mentioned(work, found.author_id, found.conversation_id, message_id, freed)
        _tell(work, message_id, actor)
        tell_others(work, found.author_id, found.conversation_id, message_id, people)
        return found.author_id


def drop_held(actor: MemberId, message_id: MessageId) -> MemberId:
    """Nobody will read a held message; answers its author. Called as `release_held` is."""
    with unit_of_work() as work:
        found = _held(actor, message_id)
        if not _remove(work, actor, found, only_held=True):
            raise _decided()
        return found.author_id


def _held(actor: MemberId, message_id: MessageId) -> MessageView:
    """A message that waits for a moderator; nothing else is theirs to touch."""
    found = queries.get_message(message_id, reader=_author_of(message_id))
    if found.author_id == actor:
        raise Forbidden("Someone else must decide about your own content.", code="own_self")
    if not found.held:
        raise _decided()
    return found


def _decided() -> Conflict:
    return Conflict("This message was already reviewed.", code="decided")


def _remove(
    work: UnitOfWork, actor: MemberId, message: MessageView, *, only_held: bool = False, for_good: bool = True
) -> datetime | None:
    """Answers when, if it went now; `only_held` leaves what somebody released meanwhile."""
    if message.deleted:
        return None
    now = clock.now()
    change = next_changes(message.conversation_id)
    standing = [Message.id == message.id, Message.deleted_at.is_(None)]
    if only_held:
        standing.append(Message.held_at.is_not(None))
    gone = db.session.execute(
        update(Message).where(*standing).values(deleted_at=now, change_seq=change, folded="", held_at=None)
    )
    if not rows_changed(gone):
        return None
    if for_good:
        db.session.execute(delete(MessageEdit).where(MessageEdit.message_id == message.id))
        pictures = select(MessagePhoto.photo_id).where(MessagePhoto.message_id == message.id)
        forget_photos(list(db.session.scalars(pictures)))
        db.session.execute(delete(MessagePhoto).where(MessagePhoto.message_id == message.id))
    work.record(MessageRemoved(conversation_id=message.conversation_id, message_id=message.id, actor_id=actor))
    _tell_of(work, message, actor)
    return now


def _tell_of(work: UnitOfWork, message: MessageView, actor: MemberId) -> None:
    """It came or went, and what answers it begins with its words."""
    answers = select(Message.id).where(
        Message.conversation_id == message.conversation_id, Message.reply_seq == message.seq
    )
    quoting = list(db.session.scalars(answers.order_by(Message.seq)))
    number_changes(message.conversation_id, quoting)
    for one in (message.id, *quoting):
        _tell(work, one, actor)


def _tell(work: UnitOfWork, message_id: MessageId, reader: MemberId) -> MessageView:
    """The message anew to everybody in the room, as each may read it."""
    changed = queries.get_message(message_id)
    involved = {changed.author_id, *_who_reacted(message_id)}
    if changed.reply is not None:
        involved.add(changed.reply.author_id)
    tell_room(work, "message:changed", changed, queries.wary_of(changed.conversation_id, involved))
    return queries.get_message(message_id, reader=reader)


def _who_reacted(message_id: MessageId) -> list[MemberId]:
    query = select(MessageReaction.member_id).where(MessageReaction.message_id == message_id)
    return list(db.session.scalars(query.distinct()))


def _check_in_touch(actor: MemberId, message: MessageView, other: MemberId | None = None) -> None:
    """No new words or signs to somebody behind a block; in a group they just don't read each other."""
    view = queries.get_conversation(actor, message.conversation_id)
    if view.blocked or (other is not None and is_blocked_between(actor, other)):
        raise Forbidden("You can’t message this member.", code="blocked")


def _check_inside(actor: MemberId, conversation_id: ConversationId) -> None:
    if queries.get_conversation(actor, conversation_id).standing != ParticipantStatus.INSIDE:
        raise Forbidden("Accept the request first.", code="request")


def _author_of(message_id: MessageId) -> MemberId:
    found = db.session.scalar(select(Message.author_id).where(Message.id == message_id))
    if found is None:
        raise NotFound("This message no longer exists.")
    return found
