"""Asking for an introduction, and passing it on."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.ids import ConversationId, IntroductionId, MemberId, is_id, new_id
from app.messaging.conversations.service import send_message, start_conversation
from app.messaging.introductions.events import IntroductionAccepted, IntroductionCame, IntroductionThanked
from app.messaging.introductions.models import Introduction, IntroductionHop
from app.messaging.introductions.values import (
    MAX_HOPS,
    MAX_NOTE_LENGTH,
    MAX_WORD_LENGTH,
    OPEN_FOR,
    PER_DAY,
    Answer,
    HopState,
    State,
)
from app.people.accounts.queries import is_active, require_active
from app.people.blocks.queries import any_apart, is_blocked_between
from app.platform.database import db, rows_changed, unit_of_work
from app.platform.limits import check_rate
from app.platform.markup import clean_text
from app.platform.sql import is_race, transition
from app.trust.circle.queries import circle_of


def ask_for_introduction(actor: MemberId, target_id: MemberId, note: str) -> IntroductionId:
    """The request goes to the first friend on the strongest way; answers its id."""
    note = clean_text(note, MAX_NOTE_LENGTH)
    if not note:
        raise Invalid("Write a few words about why you’d like to meet.", code="note_missing")
    way = circle_of(actor).path_ids(target_id)
    if not way:
        raise NotFound("No friends of yours lead to this person.")
    if len(way) == 2:
        raise Invalid("You know this person already. Write to them.", code="known_already")
    if len(way) - 1 > MAX_HOPS:
        raise Invalid("This person is too many steps away.", code="too_far")
    try:
        with unit_of_work() as unit:
            require_active(actor)
            if is_blocked_between(actor, target_id) or any_apart(way):
                raise Forbidden("You can’t be introduced to this person.", code="blocked")
            check_rate(f"introductions:{actor}", PER_DAY)
            row = Introduction(
                id=IntroductionId(new_id()),
                asker_id=actor,
                target_id=target_id,
                note=note,
                state=State.OPEN.value,
                place=1,
                until=clock.now() + OPEN_FOR,
                created_at=clock.now(),
            )
            db.session.add(row)
            db.session.flush()
            for place, member_id in enumerate(way[1:], start=1):
                state = HopState.WAITING.value
                db.session.add(
                    IntroductionHop(introduction_id=row.id, place=place, member_id=member_id, state=state, word="")
                )
            unit.record(IntroductionCame(introduction_id=row.id, member_id=way[1], from_id=actor))
            unit.hint(f"member:{way[1]}", "introduction:changed", {"id": row.id})
            return row.id
    except IntegrityError as problem:
        if not is_race(problem):
            raise
        raise Conflict("You’ve already asked to meet this person.", code="already_asked") from problem


def answer_introduction(
    actor: MemberId, introduction_id: IntroductionId, answer: Answer, word: str = ""
) -> ConversationId | None:
    """Pass it on with or without a word, or keep it, which nobody is told; the last one accepts.

    Answers the conversation in which the two find each other.
    """
    word = clean_text(word, MAX_WORD_LENGTH)
    with unit_of_work() as unit:
        require_active(actor)
        row = _open_row(introduction_id)
        hops = _hops_of(introduction_id)
        here = hops[row.place - 1]
        if here.member_id != actor:
            raise NotFound("This request isn’t waiting for you.")
        last = here.place == len(hops)
        passes = answer is Answer.FORWARD and (last or _can_go_on(row, hops[here.place].member_id, actor))
        # One conditional statement: of two answers in the same moment one is told that it is too late.
        as_it_is = {"id": row.id, "state": State.OPEN.value, "place": here.place}
        ends = State.ENDED if not passes else State.ACCEPTED if last else State.OPEN
        moved = {"state": ends.value, "place": here.place + (passes and not last)}
        if not transition(Introduction, as_it_is, moved):
            raise Conflict("This has already been answered.", code="not_now")
        done = HopState.PASSED if answer is Answer.FORWARD else HopState.HELD
        changes = {"state": done.value, "word": word if passes else "", "at": clock.now()}
        mine = update(IntroductionHop).where(
            IntroductionHop.introduction_id == row.id, IntroductionHop.place == here.place
        )
        db.session.execute(mine.values(**changes))
        if passes and not last:
            following = hops[here.place].member_id
            unit.record(IntroductionCame(introduction_id=row.id, member_id=following, from_id=actor))
            unit.hint(f"member:{following}", "introduction:changed", {"id": row.id})
        if ends is State.ACCEPTED:
            unit.record(IntroductionAccepted(introduction_id=row.id, asker_id=row.asker_id, target_id=row.target_id))
            unit.hint(f"member:{row.asker_id}", "introduction:changed", {"id": row.id})
        asker, note, accepted = row.asker_id, row.note, ends is State.ACCEPTED
    return _bring_together(actor, asker, introduction_id, note) if accepted else None


def thank_helpers(actor: MemberId, introduction_id: IntroductionId) -> None:
    """Once, after they were introduced."""
    with unit_of_work() as unit:
        require_active(actor)
        mine = {"id": introduction_id, "asker_id": actor, "state": State.ACCEPTED.value, "thanked_at": None}
        if transition(Introduction, mine, {"thanked_at": clock.now()}):
            unit.record(IntroductionThanked(introduction_id=introduction_id, asker_id=actor))
        elif not db.session.scalar(select(Introduction.id).filter_by(id=introduction_id, asker_id=actor)):
            raise NotFound("This request doesn’t exist.")


def end_overdue(most: int = 500) -> int:
    """What nobody has answered in time is over; answers how many."""
    late = select(Introduction.id).where(Introduction.state == State.OPEN.value, Introduction.until <= clock.now())
    with unit_of_work():
        some = list(db.session.scalars(late.limit(most)))
        over = update(Introduction).where(Introduction.id.in_(some), Introduction.state == State.OPEN.value)
        return rows_changed(db.session.execute(over.values(state=State.ENDED.value)))


def _bring_together(target: MemberId, asker: MemberId, introduction_id: IntroductionId, note: str) -> ConversationId:
    """Who accepts opens the conversation, so that it is a request of nobody; it begins with the asker's words."""
    room, _new = start_conversation(target, [asker])
    send_message(asker, room, f"introduction-{introduction_id}", note)
    with unit_of_work():
        transition(Introduction, {"id": introduction_id}, {"conversation_id": room})
    return room


def _open_row(introduction_id: IntroductionId) -> Introduction:
    row = None
    if is_id(introduction_id):
        row = db.session.get(Introduction, introduction_id, populate_existing=True, with_for_update=True)
    if row is None or row.state != State.OPEN or row.until <= clock.now():
        raise NotFound("This request is over.")
    return row


def _hops_of(introduction_id: IntroductionId) -> list[IntroductionHop]:
    query = select(IntroductionHop).where(IntroductionHop.introduction_id == introduction_id)
    return list(db.session.scalars(query.order_by(IntroductionHop.place)))


def _can_go_on(row: Introduction, following: MemberId, actor: MemberId) -> bool:
    """Whether the next one is here, and nobody on the way wants no contact by now."""
    return is_active(following) and not any_apart([row.asker_id, actor, following, row.target_id])
