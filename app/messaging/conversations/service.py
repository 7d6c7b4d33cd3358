"""The writes of conversations. Each checks by itself who may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from app.kernel.clock import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import new_id
from app.kernel.subjects import Subject
from app.messaging.conversations import queries, statements
from app.messaging.conversations.events import (
    MemberMentioned,
    MessageHeld,
    MessageSent,
    RequestAnswered,
)
from app.messaging.conversations.message_rows import payload_of
from app.messaging.conversations.models import MessagePhoto, Participant
from app.messaging.conversations.owners import keep_owned
from app.messaging.conversations.rules import client_id_fits, mentioned
from app.messaging.conversations.starting import start_conversation
from app.messaging.conversations.values import (
    CARD_PREFIX,
    MAX_BODY_LENGTH,
    MAX_PHOTOS,
    PAIRS,
    ROOM,
    CardKind,
    MessageView,
    ParticipantStatus,
    Sent,
    own_room_of,
    room_of,
)
from app.messaging.fraud_signals.queries import fraud_signals_in, judge
from app.messaging.fraud_signals.values import FraudSignal, Verdict
from app.notifications.inbox.service import mark_subject_read
from app.people.accounts.models import Member
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.files import attach_photos
from app.platform.limits import check_rate
from app.platform.markup import clean_text, render_markdown
from app.platform.realtime import member_room
from app.trust.circle.queries import circle_of

SEND_RATE = "600/minute"
ROOM_RATE = "60/minute"
# Into requests that nobody has accepted yet, all together.
WAITING_RATE = "600/hour"
_JUDGES = 5  # so many people's circles decide whether the author is a stranger here

__all__ = ["mark_read", "payload_of", "post_card", "send_message", "set_muted", "start_conversation"]


def send_message(
    actor: int,
    conversation_id: str,
    client_id: str,
    body: str,
    *,
    reply_to: int | None = None,
    photos: Sequence[str] = (),
) -> Sent:
    """Say something; the same `client_id` of the same author has the same place for good."""
    if not client_id_fits(client_id):
        raise Invalid("The message has no proper client id.", code="bad_client_id")
    text = clean_text(body, MAX_BODY_LENGTH)
    if not text and not photos:
        raise Invalid("The message is empty.", code="empty_message")
    check_rate(f"chat-send:{actor}", SEND_RATE)
    signs = fraud_signals_in(text)
    with unit_of_work() as work:
        # Holding the conversation's row makes a second try of the same message wait for the first.
        people = people_of(actor, conversation_id)
        if actor not in people:
            raise NotFound("There is no such conversation.")
        before = _find_sent(conversation_id, actor, client_id)
        if before is not None:
            return before
        mine = people[actor]
        if not mine.active or mine.suspended_until is not None:
            require_active(actor)
        _check_may_speak(actor, people)
        _check_attachments(mine.last_seq, reply_to, photos)
        if people[actor].standing != ParticipantStatus.INSIDE:
            _enter(work, actor, conversation_id)
        verdict = _judged(actor, signs, people)
        extra = {"reply_seq": reply_to} if reply_to is not None else {}
        sent = _append(work, actor, conversation_id, client_id, text, people, verdict, photos, extra)
        if "@" in text and not sent.held:
            tell_mentioned(work, actor, conversation_id, sent.id, text)
        return sent


def post_card(
    actor: int,
    conversation_id: str,
    kind: CardKind,
    *,
    key: str,
    subject: Subject | None = None,
    data: Mapping[str, str | int] | None = None,
    quiet: bool = False,
) -> Sent | None:
    """What the house says after the actor has done something; `key` names the occasion, told once.

    It is no act of the actor: nothing is read by it. `quiet`: nobody needs to read it either. `data`
    holds ids and figures, never names. None when the actor has never taken part there.
    """
    card: dict[str, Any] = {"kind": kind.value, "data": dict(data or {})}
    if subject is not None:
        card["subject"] = {"kind": subject.kind, "id": subject.id}
    client_id = f"{CARD_PREFIX}{key}"[:64]
    with unit_of_work() as work:
        people = people_of(actor, conversation_id)
        before = _find_sent(conversation_id, actor, client_id)
        if before is not None:
            return before
        if actor not in people:
            return None
        return _append(work, actor, conversation_id, client_id, "", people, None, (), {"card": card}, quiet=quiet)


def mark_read(actor: int, conversation_id: str, seq: int) -> int:
    """Read up to `seq`; never back, never beyond the last message. Answers how far.

    Who looks at a request leaves no trace of it.
    """
    with unit_of_work() as work:
        view = queries.get_conversation(actor, conversation_id)
        upto = min(seq, view.last_seq)
        # What was let through afterwards may stand before what is read already.
        behind = view.first_unread is not None and view.first_unread <= upto
        if view.standing != ParticipantStatus.INSIDE or (upto <= view.read_seq and not behind):
            return view.read_seq
        place = {"conversation": conversation_id, "member": actor}
        db.session.execute(statements.READ_UPTO, {**place, "upto": upto, "change": view.last_change_seq})
        if upto >= view.last_seq:
            mark_subject_read(actor, Subject("conversation", conversation_id))
        if view.kind != ROOM and upto > view.read_seq:
            # In a room of thousands everybody's reading would be told to everybody.
            work.hint(
                room_of(conversation_id),
                "conversation:read",
                {"conversation": conversation_id, "member": _handle(actor), "seq": upto},
                but=[member_room(one.card.id) for one in view.others if one.blocked],
            )
        return max(upto, view.read_seq)


def set_muted(actor: int, conversation_id: str, *, muted: bool) -> None:
    """A muted conversation goes on without telling of it."""
    with unit_of_work():
        queries.get_conversation(actor, conversation_id)
        db.session.execute(
            update(Participant)
            .where(Participant.conversation_id == conversation_id, Participant.member_id == actor)
            .values(muted=muted)
        )


def answer_request(actor: int, conversation_id: str, *, accept: bool) -> None:
    """Take part, or not; who wrote is not told of a refusal."""
    with unit_of_work() as work:
        require_active(actor)
        view = queries.get_conversation(actor, conversation_id)
        if view.standing == ParticipantStatus.INSIDE:
            return
        if accept:
            _enter(work, actor, conversation_id)
            return
        db.session.execute(
            update(Participant)
            .where(
                Participant.conversation_id == conversation_id,
                Participant.member_id == actor,
                Participant.standing == ParticipantStatus.REQUEST,
            )
            .values(standing=ParticipantStatus.DECLINED.value)
        )
        work.record(RequestAnswered(conversation_id=conversation_id, member_id=actor, accepted=False))


def tell_mentioned(work: UnitOfWork, actor: int, conversation_id: str, message_id: str, text: str) -> None:
    """One event for each participant that the text speaks to, in the caller's unit of work."""
    handles = mentioned(text)
    if not handles:
        return
    query = (
        select(Participant.member_id)
        .join(Member, Member.id == Participant.member_id)
        .where(
            Participant.conversation_id == conversation_id,
            Participant.left_at.is_(None),
            Participant.standing == ParticipantStatus.INSIDE,
            Participant.member_id != actor,
            Member.handle.in_(handles),
        )
    )
    for member_id in db.session.scalars(query.order_by(Participant.member_id)):
        work.record(
            MemberMentioned(
                conversation_id=conversation_id,
                message_id=message_id,
                author_id=actor,
                member_id=member_id,
            )
        )


def fraud_signals_of(actor: int, conversation_id: str, text: str) -> Verdict | None:
    """What the rules say of these words of the actor there; in the caller's unit of work."""
    people = people_of(actor, conversation_id)
    return _judged(actor, fraud_signals_in(text), people)


def _judged(actor: int, signs: Iterable[FraudSignal], people: Mapping[int, Any]) -> Verdict | None:
    return judge(signs, stranger=_is_strange(actor, people)) if signs else None


def _append(
    work: UnitOfWork,
    actor: int,
    conversation_id: str,
    client_id: str,
    text: str,
    people: Mapping[int, Any],
    verdict: Verdict | None,
    photos: Sequence[str],
    extra: Mapping[str, Any],
    *,
    quiet: bool = False,
) -> Sent:
    now = clock.now()
    place = {"conversation": conversation_id, "member": actor}
    seq = db.session.execute(statements.NEXT_SEQ, {**place, "now": now}).scalar_one()
    message_id = new_id()
    held = verdict is not None and verdict.hold
    row = {
        "id": message_id,
        "conversation_id": conversation_id,
        "seq": seq,
        "change_seq": 0,
        "client_id": client_id,
        "author_id": actor,
        "body": text,
        "folded": queries.fold_body(text),
        "at": now,
        "quiet": quiet,
        **extra,
    }
    if verdict is not None and verdict.signs:
        row["signs"] = [sign.value for sign in verdict.signs]
    if held:
        row["held_at"] = now
    db.session.execute(statements.ADD_MESSAGE, row)
    if photos:
        attach_photos(actor, photos, Subject("message", message_id))
        rows = [
            {"message_id": message_id, "position": position, "photo_id": photo} for position, photo in enumerate(photos)
        ]
        db.session.execute(insert(MessagePhoto), rows)
    mine = people[actor]
    if "card" not in extra:
        # Whoever speaks has read what was said before.
        db.session.execute(statements.READ_UPTO, {**place, "upto": seq, "change": mine.last_change_seq})
        if mine.waits:
            mark_subject_read(actor, Subject("conversation", conversation_id))
    happened = MessageHeld if held else MessageSent
    facts: dict[str, Any] = {
        "conversation_id": conversation_id,
        "message_id": message_id,
        "author_id": actor,
    }
    if not quiet:
        work.record(happened(**facts) if held else MessageSent(**facts, seq=seq))
    if held or photos or extra:
        said = queries.get_message(message_id)
    else:
        # The plain message of most conversations: nothing has to be read again.
        said = MessageView(
            id=message_id,
            conversation_id=conversation_id,
            seq=seq,
            change_seq=0,
            client_id=client_id,
            author_id=actor,
            author=people[actor].handle,
            body=text,
            html=render_markdown(text),
            at=now,
            edited_at=None,
            deleted=False,
            signs=tuple(row.get("signs", ())),
        )
    authors = {actor}
    if said.reply is not None:
        authors.add(said.reply.author_id)
    wary = queries.wary_of(conversation_id, authors) if mine.shunned or len(authors) > 1 else []
    tell_room(work, "message:new", said, wary)
    if not held and not quiet:
        tell_others(work, actor, conversation_id, message_id, people)
    return Sent(message_id, seq, created=True, held=held)


def tell_room(work: UnitOfWork, name: str, said: MessageView, wary: Sequence[int]) -> None:
    """A message to everybody in the room; who is wary of somebody in it gets what they may read of it."""
    ident = said.conversation_id
    work.hint(room_of(ident), name, payload_of(said), but=[member_room(one) for one in wary])
    for one in wary:
        theirs = queries.get_message(said.id, reader=one)
        work.hint(own_room_of(ident, one), name, payload_of(theirs))


def people_of(actor: int, conversation_id: str) -> dict[int, Any]:
    """Who takes part, as the actor's next words find them; of a room only the actor. Locks the conversation."""
    place = {"conversation": conversation_id, "member": actor}
    return {row.member_id: row for row in db.session.execute(statements.PEOPLE, place)}


def tell_others(work: UnitOfWork, actor: int, conversation_id: str, message_id: str, people: Mapping[int, Any]) -> None:
    """A hint to whoever has something to read by it; `people` as they were before it."""
    told = {"kind": "message", "id": message_id, "conversation": conversation_id}
    for ident, person in people.items():
        if ident == actor or person.standing != ParticipantStatus.INSIDE or person.muted or person.blocked:
            continue
        # `first`: until now nothing waited there, so the badge grows.
        work.hint(member_room(ident), "notification:new", {**told, "first": not person.waits})


def _enter(work: UnitOfWork, actor: int, conversation_id: str) -> None:
    db.session.execute(
        update(Participant)
        .where(Participant.conversation_id == conversation_id, Participant.member_id == actor)
        .values(standing=ParticipantStatus.INSIDE.value, joined_at=clock.now())
    )
    keep_owned(conversation_id)
    work.record(RequestAnswered(conversation_id=conversation_id, member_id=actor, accepted=True))
    work.hint(
        room_of(conversation_id),
        "conversation:accepted",
        {"conversation": conversation_id, "member": _handle(actor)},
    )


def _check_may_speak(actor: int, people: Mapping[int, Any]) -> None:
    kind = people[actor].kind
    # In a group two who block each other just don't read each other.
    if kind in PAIRS and any(row.blocked for row in people.values()):
        raise Forbidden("You cannot write to this member.", code="blocked")
    if kind == ROOM:
        check_rate(f"chat-room:{actor}", ROOM_RATE)
    elif not any(row.standing == ParticipantStatus.INSIDE for ident, row in people.items() if ident != actor):
        check_rate(f"chat-waiting:{actor}", WAITING_RATE)


def _check_attachments(last_seq: int, reply_to: int | None, photos: Sequence[str]) -> None:
    if reply_to is not None and not 0 < reply_to <= last_seq:
        raise Invalid("The message that you answer is not here.", code="bad_reply")
    if len(photos) > MAX_PHOTOS or len(set(photos)) != len(photos):
        raise Invalid("A message can have up to %(most)s photos.", code="too_many_photos", most=MAX_PHOTOS)


def _is_strange(actor: int, people: Mapping[int, Any]) -> bool:
    """Whether somebody who will read it has the author outside their circle."""
    if people[actor].kind == ROOM:
        return True
    others = [ident for ident in people if ident != actor][:_JUDGES]
    return any(actor not in circle_of(ident) for ident in others)


def _find_sent(conversation_id: str, actor: int, client_id: str) -> Sent | None:
    place = {"conversation": conversation_id, "member": actor, "client": client_id}
    row = db.session.execute(statements.SENT_BEFORE, place).one_or_none()
    return Sent(row.id, row.seq, created=False, held=row.held_at is not None) if row else None


def _handle(member_id: int) -> str:
    return str(db.session.scalar(select(Member.handle).where(Member.id == member_id)))
