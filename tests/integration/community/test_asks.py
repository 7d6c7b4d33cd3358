"""Asking the people one trusts: how far it goes, who answers, who is thanked."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.community.item_merges.service import confirm_merge, propose_merge
from app.community.items.service import add_item
from app.community.questions import answering, checks, privacy, service
from app.community.questions.jobs import widen
from app.community.questions.models import Question, QuestionAnswer, QuestionRecipient
from app.community.questions.queries import (
    asks_for,
    asks_of,
    get_question,
    open_questions_for,
    recommended_in,
    thanked_count,
)
from app.community.questions.values import EVERYBODY, QuestionDraft
from app.community.recommendations.queries import own
from app.community.recommendations.service import recommend, take_back
from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import RecommendationId
from app.notifications.inbox.queries import list_notifications
from app.people.blocks.service import block
from app.platform.database import EventRow, db, unit_of_work
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

People = dict[str, int]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUESTION = QuestionDraft(text="Who knows a good bike repair near Lund?", topic="Bicycles", place="Lund", reach=3)


@pytest.fixture
def people(member: MemberFactory) -> People:
    """Ana trusts Bo, Bo Cem, Cem Dana; nobody trusts Fay, who trusts Ana."""
    ids = {one: member(one) for one in ("ana", "bo", "cem", "dana", "fay")}
    for one, other in (("ana", "bo"), ("bo", "cem"), ("cem", "dana"), ("fay", "ana")):
        vouch(ids[one], ids[other], "trust_fully")
    return ids


@pytest.fixture
def shop(people: People) -> str:
    return add_item(people["dana"], kind="service", title="Cykelkliniken", category="Bicycles")


def sees(people: People, ask_id: str) -> set[str]:
    found = set()
    for name, ident in people.items():
        try:
            get_question(ident, ask_id)
        except NotFound:
            assert ask_id not in {one.id for one in asks_for(ident).items}
            continue
        found.add(name)
    return found


def events(name: str) -> list[dict[str, object]]:
    return [row.payload for row in db.session.query(EventRow).filter_by(name=name).order_by(EventRow.id)]


def test_it_goes_to_the_circle_and_one_step_further_each_day(people: People) -> None:
    with clock.freeze(NOON) as held:
        ask = service.publish_question(people["ana"], QUESTION)
        assert sees(people, ask) == {"ana", "bo"}
        held.advance(timedelta(hours=23, minutes=59))
        widen()
        assert sees(people, ask) == {"ana", "bo"}
        held.advance(timedelta(minutes=1))
        widen(), widen()
        assert sees(people, ask) == {"ana", "bo", "cem"}
        held.advance(timedelta(hours=24))
        widen()
        assert sees(people, ask) == {"ana", "bo", "cem", "dana"}
        held.advance(timedelta(hours=72))
        widen()
    steps = [(one["hops"], one["reached"], one["by_author"]) for one in events("AskWidened")]
    assert steps == [(2, 1, False), (3, 1, False)]
    card = open_questions_for(people["cem"])[0]
    assert (card.distance, card.author.handle, card.new, card.path) == (2, "ana", True, None)
    service.mark_seen(people["cem"], ask)
    assert not open_questions_for(people["cem"])[0].new
    assert not checks.run()


def test_an_answer_stops_it_and_taking_it_back_lets_it_go_on(people: People, shop: str) -> None:
    with clock.freeze(NOON) as held:
        ask = service.publish_question(people["ana"], QUESTION)
        answer = answering.answer_question(people["bo"], ask, shop, text="He trued my wheel.", disclosure="none")
        held.advance(timedelta(hours=25))
        widen()
        assert sees(people, ask) == {"ana", "bo"}
        take_back(people["bo"], recommended_in(answer) or RecommendationId(""))
        assert not get_question(people["ana"], ask).answers
        widen()
        assert sees(people, ask) == {"ana", "bo", "cem"}


def test_the_author_widens_by_hand_at_last_to_everybody(people: People) -> None:
    ask = service.publish_question(people["ana"], QuestionDraft(text="A pan?"))
    with pytest.raises(Forbidden):
        service.widen_question(people["bo"], ask)
    assert [service.widen_question(people["ana"], ask) for _ in range(3)] == [2, 3, EVERYBODY]
    assert sees(people, ask) == set(people)
    with pytest.raises(Invalid):
        service.widen_question(people["ana"], ask)
    assert get_question(people["fay"], ask).card.distance is None
    # Fay trusts Ana, so she sees how she knows her.
    assert get_question(people["fay"], ask).card.path == ("fay", "ana")


def test_a_circle_of_nobody_is_no_reason_to_wait(people: People, member: MemberFactory) -> None:
    lone = member("lone")
    service.publish_question(lone, QuestionDraft(text="Anybody?", reach=1))
    ask = service.publish_question(lone, QuestionDraft(text="Anybody at all?", reach=EVERYBODY))
    assert get_question(people["fay"], ask).card.hops == EVERYBODY
    assert [one.hops for one in asks_of(lone).items] == [EVERYBODY, 1]


def test_who_is_blocked_or_a_stranger_learns_nothing(people: People, shop: str) -> None:
    ask = service.publish_question(people["ana"], QUESTION)
    calls = (
        lambda who: answering.answer_question(who, ask, shop, disclosure="none"),
        lambda who: answering.thank_for(who, ask, shop),
        lambda who: service.close_question(who, ask),
        lambda who: service.edit_question(who, ask, QUESTION),
        lambda who: service.widen_question(who, ask),
        lambda who: service.remove_question(who, ask),
        lambda who: get_question(who, ask),
    )
    block(people["bo"], people["ana"])
    for who in ("fay", "cem", "bo"):
        for call in calls:
            with pytest.raises(NotFound):
                call(people[who])
    assert not open_questions_for(people["bo"])


def test_answers_are_recommendations_and_one_is_thanked(people: People, shop: str) -> None:
    ask = service.publish_question(people["ana"], QUESTION)
    service.widen_question(people["ana"], ask)
    first = answering.answer_question(people["bo"], ask, shop, text="Honest work", rating=5, disclosure="none")
    assert answering.answer_question(people["bo"], ask, shop) == first
    second = answering.answer_with_new(
        people["cem"], ask, title="Velocity", kind="place", text="Fast", disclosure="gifted"
    )
    assert len(events("AskAnswered")) == 2
    said = own(people["bo"], shop)
    assert said is not None
    assert (said.stance, said.text) == ("recommend", "Honest work")
    for _ in range(2):
        answering.thank_for(people["ana"], ask, first)
    answering.thank_for(people["ana"], ask, second)
    assert [one["answer_id"] for one in events("AnswerThanked")] == [first, second]
    assert events("AnswerThanked")[1] == {
        "ask_id": ask,
        "answer_id": second,
        "recommendation_id": recommended_in(second),
        "author_id": people["ana"],
        "answerer_id": people["cem"],
    }
    page = get_question(people["ana"], ask)
    assert [(one.member.handle, one.helped, one.path) for one in page.answers] == [
        ("cem", True, ("ana", "bo", "cem")),
        ("bo", False, ("ana", "bo")),
    ]
    assert (thanked_count(people["cem"]), thanked_count(people["bo"])) == (1, 0)
    with pytest.raises(Forbidden):
        answering.thank_for(people["bo"], ask, second)
    with pytest.raises(NotFound):
        answering.thank_for(people["ana"], ask, "01nothing")
    with pytest.raises(Invalid):
        answering.answer_question(people["ana"], ask, shop, disclosure="none")
    assert not checks.run()


def test_what_stands_already_is_an_answer_without_words(people: People, shop: str) -> None:
    standing = recommend(people["bo"], shop, "recommend", text="Since years", disclosure="gifted")
    ask = service.publish_question(people["ana"], QUESTION)
    answering.answer_question(people["bo"], ask, shop)
    said = get_question(people["ana"], ask).answers[0].said
    assert said is not None
    assert (said.id, said.text, said.disclosure) == (standing, "Since years", "gifted")


def test_a_closed_question_takes_no_answer_and_goes_no_further(people: People, shop: str) -> None:
    with clock.freeze(NOON) as held:
        ask = service.publish_question(people["ana"], QUESTION)
        service.close_question(people["ana"], ask)
        with pytest.raises(Conflict):
            answering.answer_question(people["bo"], ask, shop, disclosure="none")
        with pytest.raises(Conflict):
            service.widen_question(people["ana"], ask)
        held.advance(timedelta(days=2))
        widen()
    assert not open_questions_for(people["bo"])
    assert get_question(people["bo"], ask).card.status == "closed"
    service.remove_question(people["ana"], ask)
    assert sees(people, ask) == set()


def test_editing_keeps_what_it_has_reached(people: People) -> None:
    ask = service.publish_question(people["ana"], QUESTION)
    service.widen_question(people["ana"], ask)
    with pytest.raises(Invalid):
        service.edit_question(people["ana"], ask, QuestionDraft(text="Other", reach=1))
    service.edit_question(people["ana"], ask, QuestionDraft(text="Other words", reach=2))
    card = get_question(people["cem"], ask).card
    assert (card.text, card.topic, card.reach) == ("Other words", "", 2)


@pytest.mark.parametrize(
    "draft",
    [
        QuestionDraft(text=" \u202e "),
        QuestionDraft(text="x" * 601),
        QuestionDraft(text="Pan?", topic="x" * 61),
        QuestionDraft(text="Pan?", place="x" * 81),
        QuestionDraft(text="Pan?", reach=0),
        QuestionDraft(text="Pan?", reach=5),
    ],
)
def test_a_bad_question_is_refused(people: People, draft: QuestionDraft) -> None:
    with pytest.raises(Invalid):
        service.publish_question(people["ana"], draft)


def test_only_the_circle_is_told_once_and_who_helps_and_who_asked(people: People, shop: str) -> None:
    ask = service.publish_question(people["ana"], QUESTION)
    for _ in range(3):
        service.widen_question(people["ana"], ask)
        run_reactions()
    answer = answering.answer_question(people["bo"], ask, shop, text="Him", disclosure="none")
    answering.thank_for(people["ana"], ask, answer)
    run_reactions(), run_reactions()
    told = {
        name: sorted(one.kind for one in list_notifications(ident).items if one.subject.kind == "ask")
        for name, ident in people.items()
    }
    assert told == {"ana": ["answer"], "bo": ["ask", "thanks"], "cem": [], "dana": [], "fay": []}


def test_an_answer_follows_its_item_into_a_merge(people: People, shop: str, member: MemberFactory) -> None:
    ask = service.publish_question(people["ana"], QUESTION)
    old = answering.answer_question(people["bo"], ask, shop, text="Him", disclosure="none")
    answering.thank_for(people["ana"], ask, old)
    kept = add_item(people["dana"], kind="service", title="Cykel-Kliniken")
    newer = recommend(people["bo"], kept, "recommend", text="Still him")
    confirm_merge(member("mo", role="moderator"), propose_merge(people["cem"], shop, kept))
    answers = get_question(people["ana"], ask).answers
    found = [(one.id, one.said and one.said.id, one.said and one.said.item_id, one.helped) for one in answers]
    assert found == [(old, newer, kept, True)]
    assert thanked_count(people["bo"]) == 1
    assert not checks.run()


def test_two_servers_widen_once_and_one_thanks_counts(app: Flask, people: People, shop: str) -> None:
    with clock.freeze(NOON):
        ask = service.publish_question(people["ana"], QUESTION)
    gate = threading.Barrier(6)

    def at_once(_number: int) -> None:
        with app.app_context():
            gate.wait(timeout=30)
            widen()
            db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(at_once, range(6)))
    db.session.rollback()
    assert len(events("AskWidened")) == 1

    answers = [
        answering.answer_question(people["bo"], ask, shop, text="Him", disclosure="none"),
        answering.answer_with_new(people["cem"], ask, title="Velo", kind="place", disclosure="none"),
    ]

    def thank(number: int) -> str:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                answering.thank_for(people["ana"], ask, answers[number % 2])
            except DomainError as refused:
                return refused.error_code
            finally:
                db.session.remove()
            return "ok"

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(thank, range(6))) == {"ok"}
    db.session.rollback()
    thanked = [one["answer_id"] for one in events("AnswerThanked")]
    # Each event is a change, and the last one is what stands.
    assert all(one != other for one, other in pairwise(thanked))
    assert db.session.scalars(select(QuestionAnswer.id).where(QuestionAnswer.thanked_at.is_not(None))).all() == [
        thanked[-1]
    ]
    assert thanked_count(people["bo"]) + thanked_count(people["cem"]) == 1


@pytest.mark.databases("sqlite")
def test_a_naive_widening_is_told_twice(app: Flask, people: People) -> None:
    """Look, then write: the harness must see what the condition in the update prevents."""
    with clock.freeze(NOON):
        service.publish_question(people["ana"], QUESTION)
    gate, done = threading.Barrier(4), []

    def naive(_number: int) -> None:
        with app.app_context():
            row = db.session.execute(select(Question.id, Question.hops)).one()
            db.session.rollback()
            gate.wait(timeout=30)
            with unit_of_work():
                db.session.execute(update(Question).where(Question.id == row.id).values(hops=row.hops + 1))
                done.append(row.hops + 1)
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(naive, range(4)))
    assert done.count(2) > 1


def test_what_is_kept_of_a_person_goes_with_them(people: People, shop: str) -> None:
    ask = service.publish_question(people["ana"], QUESTION)
    other = service.publish_question(people["fay"], QUESTION)
    answer = answering.answer_question(people["bo"], ask, shop, text="Him", disclosure="none")
    answering.thank_for(people["ana"], ask, answer)
    kept = privacy.export(people["ana"])
    assert [one["text"] for one in kept["asked"]] == [QUESTION.text]
    assert [one["ask"] for one in privacy.export(people["bo"])["answered"]] == [ask]
    with unit_of_work():
        privacy.erase(people["bo"])
    assert not get_question(people["ana"], ask).answers
    assert not checks.run()
    with unit_of_work():
        privacy.erase(people["ana"])
    assert db.session.scalars(select(Question.id)).all() == [other]
    assert not db.session.scalars(select(QuestionRecipient).where(QuestionRecipient.member_id == people["ana"])).all()
