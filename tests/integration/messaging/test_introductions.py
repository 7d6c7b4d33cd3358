"""A request for an introduction goes from friend to friend until the two meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.clock import Clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooMany
from app.messaging.conversations.models import Participant
from app.messaging.introductions import privacy
from app.messaging.introductions.models import Introduction
from app.messaging.introductions.queries import asked_by, may_ask, waiting_for
from app.messaging.introductions.service import (
    answer_introduction,
    ask_for_introduction,
    end_overdue,
    thank_helpers,
)
from app.messaging.introductions.values import Answer, State
from app.notifications.inbox.models import NotificationRow
from app.people.blocks.service import block
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

People = dict[str, int]
NOTE = "I would like to buy your loom"


@pytest.fixture
def people(app: Flask, member: MemberFactory) -> People:
    """Ana trusts Bo, who trusts Cem, who trusts Dee; nobody trusts Eve."""
    found = {name: member(name) for name in ("ana", "bo", "cem", "dee", "eve")}
    for one, other in (("ana", "bo"), ("bo", "cem"), ("cem", "dee")):
        vouch(found[one], found[other], "trust", "known for years")
    run_reactions()
    return found


def state(ident: str) -> str | None:
    return db.session.scalar(select(Introduction.state).where(Introduction.id == ident))


def whose_turn(people: People) -> list[str]:
    return [name for name, ident in people.items() if waiting_for(ident)]


def told(kind: str) -> set[int]:
    return set(db.session.scalars(select(NotificationRow.member_id).where(NotificationRow.kind == kind)))


def test_it_passes_from_friend_to_friend_with_their_words(people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    assert whose_turn(people) == ["bo"]
    [at_bo] = waiting_for(people["bo"])
    assert (at_bo.before and at_bo.before.name, at_bo.after and at_bo.after.name, at_bo.asker) == ("Ana", "Cem", None)
    assert answer_introduction(people["bo"], ident, Answer.FORWARD, "She weaves well") is None
    assert whose_turn(people) == ["cem"]
    answer_introduction(people["cem"], ident, Answer.FORWARD)
    [at_dee] = waiting_for(people["dee"])
    assert at_dee.last
    assert at_dee.asker is not None
    assert [(one.member and one.member.name, one.text) for one in at_dee.words] == [("Bo", "She weaves well")]
    room = answer_introduction(people["dee"], ident, Answer.FORWARD)
    inside = select(Participant.member_id).where(Participant.conversation_id == room, Participant.standing == "inside")
    assert set(db.session.scalars(inside)) == {people["ana"], people["dee"]}
    [mine] = asked_by(people["ana"])
    assert (mine.state, mine.conversation_id) == (State.ACCEPTED, room)


def test_each_is_told_and_who_helped_is_thanked_once(people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    for name in ("bo", "cem", "dee"):
        run_reactions()
        answer_introduction(people[name], ident, Answer.FORWARD)
    thank_helpers(people["ana"], ident)
    thank_helpers(people["ana"], ident)
    with pytest.raises(NotFound):
        thank_helpers(people["bo"], ident)  # not theirs to say
    run_reactions()
    assert told("introduction") == {people["bo"], people["cem"], people["dee"]}
    assert told("introduced") == {people["ana"]}
    assert told("introduction_thanks") == {people["bo"], people["cem"]}


def test_who_keeps_it_ends_it_and_is_not_named(people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    answer_introduction(people["bo"], ident, Answer.HOLD, "I would rather not")
    assert state(ident) == State.ENDED
    assert whose_turn(people) == []
    run_reactions()
    assert told("introduced") == set()
    assert ask_for_introduction(people["ana"], people["dee"], NOTE)  # another time


def test_a_link_that_is_not_named_stays_masked(people: People, member: MemberFactory) -> None:
    quiet = member("quiet", discreet=True)
    vouch(people["ana"], quiet, "trust", "known for years")
    vouch(quiet, people["eve"], "trust", "known for years")
    for name in ("f1", "f2", "f3"):  # who could be that someone
        friend = member(name, discreet=True)
        vouch(people["ana"], friend, "acquainted", "known for years")
        vouch(friend, people["eve"], "acquainted", "known for years")
    ident = ask_for_introduction(people["ana"], people["eve"], NOTE)
    answer_introduction(quiet, ident, Answer.FORWARD, "Trust her")
    [at_eve] = waiting_for(people["eve"])
    assert at_eve.before is None
    assert [(one.member, one.text) for one in at_eve.words] == [(None, "Trust her")]


@pytest.mark.parametrize(
    ("target", "note", "refusal"),
    [("bo", NOTE, Invalid), ("eve", NOTE, NotFound), ("dee", "  ", Invalid)],
)
def test_what_cannot_be_asked_is_refused(people: People, target: str, note: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        ask_for_introduction(people["ana"], people[target], note)
    assert may_ask(people["ana"], people["dee"])
    assert not may_ask(people["ana"], people["bo"])
    assert not may_ask(None, people["dee"])


def test_one_at_a_time_and_five_a_day(people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    with pytest.raises(Conflict):
        ask_for_introduction(people["ana"], people["dee"], NOTE)
    answer_introduction(people["bo"], ident, Answer.HOLD)
    with pytest.raises(TooMany):
        for _ in range(6):
            answer_introduction(people["bo"], ask_for_introduction(people["ana"], people["dee"], NOTE), Answer.HOLD)


def test_nobody_answers_for_another(people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    for name in ("ana", "cem", "dee", "eve"):
        with pytest.raises(NotFound):
            answer_introduction(people[name], ident, Answer.FORWARD)


def test_a_block_ends_it_on_the_way(people: People) -> None:
    block(people["dee"], people["ana"])
    with pytest.raises((Forbidden, NotFound)):
        ask_for_introduction(people["ana"], people["dee"], NOTE)


def test_a_block_that_comes_later_ends_it_too(people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    block(people["cem"], people["ana"])
    answer_introduction(people["bo"], ident, Answer.FORWARD)
    assert state(ident) == State.ENDED


def test_after_a_week_it_is_over(people: People, fixed_clock: Clock) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    fixed_clock.advance(timedelta(days=7, minutes=1))
    assert whose_turn(people) == []
    assert end_overdue() == 1
    assert state(ident) == State.ENDED
    with pytest.raises(NotFound):
        answer_introduction(people["bo"], ident, Answer.FORWARD)


def test_it_goes_with_whoever_leaves(people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    assert privacy.export(people["ana"])["asked"][0]["note"] == NOTE
    erase_member(people["cem"], "cem")
    assert state(ident) is None


def test_two_answers_at_once_pass_it_on_once(app: Flask, people: People) -> None:
    ident = ask_for_introduction(people["ana"], people["dee"], NOTE)
    start = Barrier(8)

    def go(_number: int) -> bool:
        with app.app_context():
            start.wait()
            try:
                answer_introduction(people["bo"], ident, Answer.FORWARD)
            except DomainError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(go, range(8))) == 1
    assert whose_turn(people) == ["cem"]
