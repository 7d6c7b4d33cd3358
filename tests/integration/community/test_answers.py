"""Answers in words: who reads, edits, deletes and is thanked for them, and what moderators do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.community.item_merges.service import confirm_merge, propose_merge
from app.community.items.service import add_item
from app.community.questions import answering, checks, privacy, service
from app.community.questions.jobs import widen
from app.community.questions.models import QuestionAnswer
from app.community.questions.queries import get_question, own_answer, thanked_count
from app.community.questions.values import MAX_ANSWERS, WAIT, Answer, QuestionDraft
from app.community.recommendations.queries import get_recommendation_view, own
from app.community.recommendations.service import recommend, take_back
from app.kernel.clock import clock
from app.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import AnswerId, QuestionId
from app.kernel.subjects import Subject
from app.moderation.decisions.service import decide, undo
from app.moderation.reports.service import file_report
from app.notifications.inbox.queries import list_lines, list_notifications
from app.people.blocks.service import block
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.platform.subjects import is_visible
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

People = dict[str, int]


@pytest.fixture
def people(member: MemberFactory) -> People:
    """Ana trusts Bo and Cem; Fay is a stranger."""
    ids = {one: member(one, name=one.title()) for one in ("ana", "bo", "cem", "fay")}
    for one, other, level in (("ana", "bo", "trust_fully"), ("ana", "cem", "acquainted")):
        vouch(ids[one], ids[other], level)
    return ids


@pytest.fixture
def ask(people: People) -> QuestionId:
    return service.publish_question(people["ana"], QuestionDraft(text="Where is a good baker?", reach=3))


def answers(people: People, ask: QuestionId, who: str = "ana") -> list[Answer]:
    return list(get_question(people[who], ask).answers)


def test_a_friend_answers_in_words_and_is_thanked(people: People, ask: QuestionId) -> None:
    run_reactions()
    said = answering.answer_in_words(people["cem"], ask, " By the **bridge**.\u202e ")
    better = answering.answer_in_words(people["bo"], ask, "The mill")
    for _ in range(2):
        answering.thank_for(people["ana"], ask, said)
    run_reactions()
    first, second = answers(people, ask)
    assert (first.id, first.text, first.said, first.helped, first.path) == (
        said,
        "By the **bridge**.",
        None,
        True,
        ("ana", "cem"),
    )
    assert "<strong>bridge</strong>" in first.text_html
    # Among the others, whom the reader trusts more comes first.
    assert (second.id, second.helped) == (better, False)
    assert get_question(people["ana"], ask).card.answers == 2
    assert get_question(people["ana"], ask).card.thanked
    assert (thanked_count(people["cem"]), thanked_count(people["bo"])) == (1, 0)
    told = {name: [one.kind for one in list_notifications(ident).items] for name, ident in people.items()}
    assert (told["ana"].count("answer"), told["cem"].count("thanks"), told["bo"].count("thanks")) == (2, 1, 0)
    (line,) = [one for one in list_lines(people["ana"]).items if one.newest.kind == "answer"]
    assert line.newest.subject == Subject("ask", ask)
    answering.thank_for(people["ana"], ask, better)
    assert [one.helped for one in answers(people, ask)] == [True, False]
    assert (thanked_count(people["cem"]), thanked_count(people["bo"])) == (0, 1)
    assert not checks.run()


def test_whom_the_question_has_not_reached_learns_nothing_of_its_answers(people: People, ask: QuestionId) -> None:
    said = answering.answer_in_words(people["bo"], ask, "By the bridge")
    calls = (
        lambda who: answering.answer_in_words(who, ask, "Me too"),
        lambda who: answering.edit_answer(who, said, "No"),
        lambda who: answering.remove_answer(who, said),
        lambda who: answering.thank_for(who, ask, said),
        lambda who: own_answer(who, said),
        lambda who: file_report(who, Subject("answer", said), "spam"),
    )
    for call in calls:
        with pytest.raises(NotFound):
            call(people["fay"])
    subject = Subject("answer", said)
    assert {name for name, ident in people.items() if is_visible(ident, subject)} == {"ana", "bo", "cem"}
    assert not is_visible(None, subject)
    block(people["bo"], people["cem"])
    assert not is_visible(people["cem"], subject)
    assert not answers(people, ask, "cem")
    assert get_question(people["cem"], ask).card.answers == 0
    for call in (answering.edit_answer, lambda who, what, _words: answering.remove_answer(who, what)):
        with pytest.raises(Forbidden):
            call(people["ana"], said, "No")


def test_its_author_edits_and_deletes_it(people: People, ask: QuestionId) -> None:
    said = answering.answer_in_words(people["bo"], ask, "By the bridge")
    assert answering.edit_answer(people["bo"], said, "By the bridge") == ask
    assert not answers(people, ask)[0].edited
    answering.edit_answer(people["bo"], said, lambda now: f"{now}, on Sundays")
    assert [(one.text, one.edited) for one in answers(people, ask)] == [("By the bridge, on Sundays", True)]
    with pytest.raises(Invalid):
        answering.edit_answer(people["bo"], said, " ")
    answering.thank_for(people["ana"], ask, said)
    answering.remove_answer(people["bo"], said)
    page = get_question(people["ana"], ask)
    assert (page.answers, page.card.answers, page.card.thanked) == ((), 0, False)
    assert thanked_count(people["bo"]) == 0
    for call in (lambda: answering.remove_answer(people["bo"], said), lambda: own_answer(people["bo"], said)):
        with pytest.raises(NotFound):
            call()
    # Where one was thanked that is gone, another can be.
    answering.thank_for(people["ana"], ask, answering.answer_in_words(people["cem"], ask, "The mill"))
    assert get_question(people["ana"], ask).card.thanked


def test_a_deleted_answer_lets_the_question_go_on(people: People, ask: QuestionId, member: MemberFactory) -> None:
    vouch(people["cem"], people["fay"], "trust")
    said = answering.answer_in_words(people["bo"], ask, "By the bridge")
    with clock.freeze(clock.now() + WAIT) as held:
        widen()
        assert get_question(people["ana"], ask).card.hops == 1
        answering.remove_answer(people["bo"], said)
        held.advance(WAIT)
        widen()
    assert get_question(people["ana"], ask).card.hops > 1


def test_attaching_a_recommendation_is_a_choice(people: People, ask: QuestionId) -> None:
    mill = add_item(people["fay"], kind="place", title="The mill")
    mine = recommend(people["bo"], mill, "recommend", text="Since years", disclosure="gifted")
    theirs = recommend(people["cem"], mill, "recommend", text="Good")
    against = recommend(people["bo"], add_item(people["fay"], kind="place", title="Rye"), "avoid", text="No")
    with pytest.raises(Invalid, match="Write an answer"):
        answering.answer_in_words(people["bo"], ask, "")
    for other in (theirs, against):
        with pytest.raises(Invalid, match="recommend yourself"):
            answering.answer_in_words(people["bo"], ask, "That one", recommendation_id=other)
    said = answering.answer_in_words(people["bo"], ask, "For your boy I’d take", recommendation_id=mine)
    (one,) = answers(people, ask)
    assert one.said is not None
    assert (one.text, one.said.id, one.said.text) == ("For your boy I’d take", mine, "Since years")
    # The same once more is the same answer; other words with it are said by editing.
    assert answering.answer_question(people["bo"], ask, mill) == said
    with pytest.raises(Conflict):
        answering.answer_question(people["bo"], ask, mill, words="Others")
    take_back(people["bo"], mine)
    assert [(one.text, one.said) for one in answers(people, ask)] == [("For your boy I’d take", None)]
    # A recommendation alone may be left without words, and is gone with what it says.
    only = answering.answer_question(people["cem"], ask, mill)
    answering.edit_answer(people["cem"], only, "This one")
    answering.edit_answer(people["cem"], only, "")
    take_back(people["cem"], theirs)
    assert [one.id for one in answers(people, ask)] == [said]


def test_words_for_one_question_are_not_shown_to_everybody(people: People, ask: QuestionId) -> None:
    answering.answer_with_new(
        people["bo"], ask, title="The mill", kind="place", words="For your boy", disclosure="none"
    )
    (one,) = answers(people, ask)
    assert one.said is not None
    assert (one.text, get_recommendation_view(people["fay"], one.said.id).text) == ("For your boy", "")


def test_deleting_an_answer_leaves_its_recommendation_and_it_can_be_given_again(
    people: People, ask: QuestionId
) -> None:
    mill = add_item(people["fay"], kind="place", title="The mill")
    first = answering.answer_question(people["bo"], ask, mill, text="Good", disclosure="none")
    answering.remove_answer(people["bo"], first)
    assert own(people["bo"], mill) is not None
    again = answering.answer_question(people["bo"], ask, mill)
    assert again != first
    assert [one.id for one in answers(people, ask)] == [again]


def test_a_moderators_removal_is_undone_unless_it_was_given_again(
    people: People, ask: QuestionId, member: MemberFactory
) -> None:
    mo, mia = member("mo", role="moderator"), member("mia", role="moderator")
    mill = add_item(people["fay"], kind="place", title="The mill")
    worded = answering.answer_in_words(people["bo"], ask, "By the bridge")
    attached = answering.answer_question(people["bo"], ask, mill, text="Good", disclosure="none")
    reports = []
    for said in (worded, attached):
        reports.append(file_report(people["ana"], Subject("answer", said), "spam"))
        decide(mo, reports[-1], "remove", "It breaks the rules.")
    run_reactions()
    assert not answers(people, ask)
    assert own(people["bo"], mill) is not None
    with pytest.raises(NotFound):
        answering.edit_answer(people["bo"], worded, "Me again")
    again = answering.answer_question(people["bo"], ask, mill)
    for report in reports:
        undo(mia, report, "Looked at again.")
    run_reactions()
    assert {one.id for one in answers(people, ask)} == {worded, again}


def test_five_answers_of_one_are_enough_and_a_closed_question_takes_none(people: People, ask: QuestionId) -> None:
    for number in range(MAX_ANSWERS):
        said = answering.answer_in_words(people["bo"], ask, f"Baker {number}")
    answering.remove_answer(people["bo"], said)
    with pytest.raises(Invalid, match="already given"):
        answering.answer_in_words(people["bo"], ask, "One more")
    with pytest.raises(Invalid):
        answering.answer_in_words(people["cem"], ask, "x" * 2001)
    with pytest.raises(Invalid):
        answering.answer_in_words(people["ana"], ask, "Myself")
    service.close_question(people["ana"], ask)
    with pytest.raises(Conflict):
        answering.answer_in_words(people["cem"], ask, "Late")


def test_many_at_once_give_no_more_than_one_may(app: Flask, people: People, ask: QuestionId) -> None:
    mill = add_item(people["fay"], kind="place", title="The mill")
    mine = recommend(people["bo"], mill, "recommend", text="Good")
    gate = threading.Barrier(8)

    def at_once(number: int) -> str:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                if number % 2:
                    return answering.answer_in_words(people["bo"], ask, "This one", recommendation_id=mine)
                return answering.answer_in_words(people["cem"], ask, f"Baker {number}")
            except DomainError as refused:
                return refused.error_code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(at_once, range(8)))
    db.session.rollback()
    assert len(set(found[1::2])) == 1
    assert db.session.scalar(select(func.count()).select_from(QuestionAnswer)) == 5


def test_two_words_that_become_one_leave_no_answer_behind(
    people: People, ask: QuestionId, member: MemberFactory
) -> None:
    gone, kept = (add_item(people["fay"], kind="place", title=one) for one in ("The mill", "Mill bakery"))
    given: dict[str, list[AnswerId]] = {}
    for who, words in (("bo", ""), ("cem", "For your boy")):
        given[who] = [
            answering.answer_question(people[who], ask, item, words=words and f"{words} {item}", disclosure="none")
            for item in (gone, kept)
        ]
    answering.thank_for(people["ana"], ask, given["bo"][0])
    confirm_merge(member("mo", role="moderator"), propose_merge(people["fay"], gone, kept))
    found = {one.id: one for one in answers(people, ask)}
    # Words of their own are kept, without a recommendation that stands beside them already.
    assert set(found) == {given["bo"][1], *given["cem"]}
    assert found[given["bo"][1]].helped
    assert found[given["cem"][0]].said is None
    assert not checks.run()


def test_what_a_person_has_answered_is_exported_and_goes_with_them(people: People, ask: QuestionId) -> None:
    said = answering.answer_in_words(people["bo"], ask, "By the bridge")
    (kept,) = privacy.export(people["bo"])["answered"]
    assert (kept["id"], kept["ask"], kept["text"], kept["removed"]) == (said, ask, "By the bridge", False)
    with unit_of_work():
        privacy.erase(people["bo"])
    assert db.session.scalar(select(func.count()).select_from(QuestionAnswer)) == 0
