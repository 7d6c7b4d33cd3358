"""What is said: many messages in one transaction, each with its own place or its own refusal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import update

from app.kernel.clock import clock
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import ConversationId, MemberId, MessageId, PhotoId, new_id
from app.kernel.subjects import Subject
from app.messaging.conversations import queries, statements
from app.messaging.conversations.events import MessageHeld, MessageSent, RequestAnswered
from app.messaging.conversations.models import Participant
from app.messaging.conversations.owners import keep_owned
from app.messaging.conversations.queries import handle_of
from app.messaging.conversations.rules import client_id_fits, conversation_id_fits, rounds
from app.messaging.conversations.telling import tell_mentioned, tell_others, tell_room
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
    room_of,
)
from app.messaging.fraud_signals.queries import fraud_signals_in, judge
from app.messaging.fraud_signals.values import FraudSignal, Verdict
from app.notifications.inbox.service import mark_subjects_read
from app.people.accounts.queries import require_active
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.files import attach_photos
from app.platform.group_commit import GroupCommit
from app.platform.limits import check_rate
from app.platform.markup import clean_text, render_markdown
from app.platform.slots import Slot
from app.trust.circle.queries import circle_of

SEND_RATE: Final = "600/minute"
ROOM_RATE: Final = "60/minute"
# Into requests that nobody has accepted yet, all together.
WAITING_RATE: Final = "600/hour"
_JUDGES: Final = 5  # so many people's circles decide whether the author is a stranger here

People = Mapping[MemberId, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """Words on their way, looked at as far as that goes without the database; or what the house says."""

    actor: MemberId
    conversation_id: ConversationId
    client_id: str
    text: str = ""
    reply_to: int | None = None
    photos: tuple[PhotoId, ...] = ()
    signs: frozenset[FraudSignal] = frozenset()
    card: Mapping[str, Any] | None = None
    quiet: bool = False


@dataclass(slots=True)
class _Accepted:
    """A draft that gets its number now."""

    draft: Draft
    people: People
    verdict: Verdict | None
    id: MessageId = field(default_factory=lambda: MessageId(new_id()))
    seq: int = 0

    @property
    def held(self) -> bool:
        return self.verdict is not None and self.verdict.hold

    @property
    def mine(self) -> Any:
        return self.people[self.draft.actor]


def send_message(
    actor: MemberId,
    conversation_id: ConversationId,
    client_id: str,
    body: str,
    *,
    reply_to: int | None = None,
    photos: Sequence[PhotoId] = (),
) -> Sent:
    """Say something; the same `client_id` of the same author has the same place for good."""
    draft = _draft(actor, conversation_id, client_id, body, reply_to, photos)
    with unit_of_work() as work:
        outcome = send_all(work, [draft])[0]
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome


def send_with_others(
    actor: MemberId,
    conversation_id: ConversationId,
    client_id: str,
    body: str,
    *,
    reply_to: int | None = None,
    photos: Sequence[PhotoId] = (),
) -> Sent:
    """Send a message, committed together with what others say in this moment."""
    return _TOGETHER.here().submit(_draft(actor, conversation_id, client_id, body, reply_to, photos))


def post_card(
    actor: MemberId,
    conversation_id: ConversationId,
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
    draft = Draft(actor, conversation_id, f"{CARD_PREFIX}{key}"[:64], card=card, quiet=quiet)
    with unit_of_work() as work:
        outcome = send_all(work, [draft])[0]
        return None if isinstance(outcome, DomainError) else outcome


def send_all(work: UnitOfWork, drafts: Sequence[Draft]) -> list[Sent | DomainError]:
    """What becomes of each, as if they came one after the other; in the caller's unit of work."""
    outcomes: dict[int, Sent | DomainError] = {}
    for places in rounds([one.conversation_id for one in drafts]):
        outcomes |= zip(places, _send_round(work, [drafts[place] for place in places]), strict=True)
    return [outcomes[place] for place in range(len(drafts))]


def people_of(actor: MemberId, conversation_id: ConversationId) -> People:
    """Who takes part, as the actor's next words find them; of a room only the actor. Locks the conversation."""
    return _people_of([Draft(actor, conversation_id, "")]).get(conversation_id, {})


def judged(actor: MemberId, signs: Iterable[FraudSignal], people: People) -> Verdict | None:
    """What the rules say of these signs of the actor among these people."""
    return judge(signs, stranger=_is_strange(actor, people)) if signs else None


def enter(work: UnitOfWork, actor: MemberId, conversation_id: ConversationId) -> None:
    """Whoever speaks in a request, or joins it, takes part."""
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
        {"conversation": conversation_id, "member": handle_of(actor)},
    )


def _draft(
    actor: MemberId,
    conversation_id: ConversationId,
    client_id: str,
    body: str,
    reply_to: int | None,
    photos: Sequence[PhotoId],
) -> Draft:
    if not client_id_fits(client_id):
        raise Invalid("The message has no proper client id.", code="bad_client_id")
    text = clean_text(body, MAX_BODY_LENGTH)
    if not text and not photos:
        raise Invalid("Write a message first.", code="empty_message")
    check_rate(f"chat-send:{actor}", SEND_RATE)
    if not conversation_id_fits(conversation_id):
        raise _not_there()
    return Draft(actor, conversation_id, client_id, text, reply_to, tuple(photos), fraud_signals_in(text))


def _send_round(work: UnitOfWork, drafts: Sequence[Draft]) -> list[Sent | DomainError]:
    """At most one in each conversation: none of them changes what another one finds."""
    # Holding a conversation's row makes a second try of the same message wait for the first.
    people = _people_of(drafts)
    before = _sent_before(drafts)
    outcomes: list[Sent | DomainError | _Accepted] = []
    for draft in drafts:
        there = people.get(draft.conversation_id, {})
        known = before.get(draft.conversation_id)
        try:
            if known is not None and (draft.card or draft.actor in there):
                outcomes.append(known)
            else:
                outcomes.append(_accepted(draft, there))
        except DomainError as refusal:
            outcomes.append(refusal)
    _store(work, [one for one in outcomes if isinstance(one, _Accepted)])
    return [
        Sent(one.id, one.seq, created=True, held=one.held) if isinstance(one, _Accepted) else one for one in outcomes
    ]


def _accepted(draft: Draft, people: People) -> _Accepted:
    actor = draft.actor
    if actor not in people:
        raise _not_there()
    if draft.card is not None:
        return _Accepted(draft, people, None)
    mine = people[actor]
    if not mine.active or mine.suspended_until is not None:
        require_active(actor)
    _check_may_speak(actor, people)
    _check_attachments(mine.last_seq, draft.reply_to, draft.photos)
    one = _Accepted(draft, people, judged(actor, draft.signs, people))
    if draft.photos:
        with db.session.begin_nested():
            attach_photos(actor, draft.photos, Subject("message", one.id))
    return one


def _store(work: UnitOfWork, accepted: Sequence[_Accepted]) -> None:
    if not accepted:
        return
    for one in accepted:
        if one.draft.card is None and one.mine.standing != ParticipantStatus.INSIDE:
            enter(work, one.draft.actor, one.draft.conversation_id)
    now = clock.now()
    places = {"conversations": [one.draft.conversation_id for one in accepted], "now": now}
    numbers = {row.id: row.last_seq for row in db.session.execute(statements.NEXT_SEQ, places)}
    for one in accepted:
        one.seq = numbers[one.draft.conversation_id]
    db.session.execute(statements.ADD_MESSAGE, [_row_of(one, now) for one in accepted])
    photos = [
        {"message_id": one.id, "position": position, "photo_id": photo}
        for one in accepted
        for position, photo in enumerate(one.draft.photos)
    ]
    if photos:
        db.session.execute(statements.ADD_PHOTO, photos)
    _mark_read([one for one in accepted if one.draft.card is None])
    for one in accepted:
        _tell(work, one, now)


def _row_of(one: _Accepted, now: datetime) -> dict[str, Any]:
    draft = one.draft
    return {
        "id": one.id,
        "conversation_id": draft.conversation_id,
        "seq": one.seq,
        "change_seq": 0,
        "client_id": draft.client_id,
        "author_id": draft.actor,
        "body": draft.text,
        "folded": queries.fold_body(draft.text),
        "card": draft.card,
        "quiet": draft.quiet,
        "reply_seq": draft.reply_to,
        "signs": [sign.value for sign in one.verdict.signs] if one.verdict and one.verdict.signs else None,
        "at": now,
        "held_at": now if one.held else None,
    }


def _mark_read(spoken: Sequence[_Accepted]) -> None:
    """Whoever speaks has read what was said before."""
    upto = [
        {
            "conversation": one.draft.conversation_id,
            "member": one.draft.actor,
            "upto": one.seq,
            "change": one.mine.last_change_seq,
        }
        for one in sorted(spoken, key=lambda one: (one.draft.conversation_id, one.draft.actor))
    ]
    if upto:
        db.session.execute(statements.READ_UPTO, upto)
    mark_subjects_read(
        [(one.draft.actor, Subject("conversation", one.draft.conversation_id)) for one in spoken if one.mine.waits]
    )


def _tell(work: UnitOfWork, one: _Accepted, now: datetime) -> None:
    draft, mine = one.draft, one.mine
    facts: dict[str, Any] = {
        "conversation_id": draft.conversation_id,
        "message_id": one.id,
        "author_id": draft.actor,
    }
    if not draft.quiet:
        work.record(MessageHeld(**facts) if one.held else MessageSent(**facts, seq=one.seq))
    said = _view_of(one, now)
    authors = {draft.actor}
    if said.reply is not None:
        authors.add(said.reply.author_id)
    wary = queries.wary_of(draft.conversation_id, authors) if mine.shunned or len(authors) > 1 else []
    tell_room(work, "message:new", said, wary)
    if not one.held and not draft.quiet:
        tell_others(work, draft.actor, draft.conversation_id, one.id, one.people)
    if "@" in draft.text and not one.held:
        tell_mentioned(work, draft.actor, draft.conversation_id, one.id, draft.text)


def _view_of(one: _Accepted, now: datetime) -> MessageView:
    draft = one.draft
    if one.held or draft.photos or draft.card or draft.reply_to is not None:
        return queries.get_message(one.id)
    # The plain message of most conversations: nothing has to be read again.
    return MessageView(
        id=one.id,
        conversation_id=draft.conversation_id,
        seq=one.seq,
        change_seq=0,
        client_id=draft.client_id,
        author_id=draft.actor,
        author=one.mine.handle,
        body=draft.text,
        html=render_markdown(draft.text),
        at=now,
        edited_at=None,
        deleted=False,
        signs=tuple(sign.value for sign in one.verdict.signs) if one.verdict else (),
    )


def _people_of(drafts: Sequence[Draft]) -> dict[ConversationId, dict[MemberId, Any]]:
    found: dict[ConversationId, dict[MemberId, Any]] = {}
    for row in db.session.execute(statements.people(db.engine.dialect.name), _asked(drafts)):
        found.setdefault(row.conversation_id, {})[row.member_id] = row
    return found


def _sent_before(drafts: Sequence[Draft]) -> dict[str, Sent]:
    rows = db.session.execute(statements.sent_before(db.engine.dialect.name), _asked(drafts))
    return {row.conversation_id: Sent(row.id, row.seq, created=False, held=row.held_at is not None) for row in rows}


def _asked(drafts: Sequence[Draft]) -> dict[str, str]:
    return {
        "asked": json.dumps(
            [{"conversation": one.conversation_id, "member": one.actor, "client": one.client_id} for one in drafts]
        )
    }


def _check_may_speak(actor: MemberId, people: People) -> None:
    kind = people[actor].kind
    # In a group two who block each other just don't read each other.
    if kind in PAIRS and any(row.blocked for row in people.values()):
        raise Forbidden("You can’t message this member.", code="blocked")
    if kind == ROOM:
        check_rate(f"chat-room:{actor}", ROOM_RATE)
    elif not any(row.standing == ParticipantStatus.INSIDE for ident, row in people.items() if ident != actor):
        check_rate(f"chat-waiting:{actor}", WAITING_RATE)


def _check_attachments(last_seq: int, reply_to: int | None, photos: Sequence[PhotoId]) -> None:
    if reply_to is not None and not 0 < reply_to <= last_seq:
        raise Invalid("The message you’re replying to no longer exists.", code="bad_reply")
    if len(photos) > MAX_PHOTOS or len(set(photos)) != len(photos):
        raise Invalid("A message can have up to %(most)s photos.", code="too_many_photos", most=MAX_PHOTOS)


def _is_strange(actor: MemberId, people: People) -> bool:
    """Whether somebody who will read it has the author outside their circle."""
    if people[actor].kind == ROOM:
        return True
    others = [ident for ident in people if ident != actor][:_JUDGES]
    return any(actor not in circle_of(ident) for ident in others)


def _not_there() -> NotFound:
    return NotFound("This conversation doesn’t exist.")


_TOGETHER: Final[Slot[GroupCommit[Draft, Sent]]] = Slot("chat_sends", lambda: GroupCommit(send_all))
