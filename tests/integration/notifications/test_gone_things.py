"""What is removed, erased or left is told no more: every occasion × every way to go × every way of telling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from app.community.comments.service import add_comment, remove_comment
from app.community.items.service import add_item
from app.community.questions.answering import answer_in_words, answer_question, remove_answer, thank_for
from app.community.questions.queries import recommended_in
from app.community.questions.service import publish_question, remove_question
from app.community.questions.values import EVERYBODY, QuestionDraft
from app.community.recommendations.service import recommend, set_helpful, take_back
from app.kernel.ids import AnswerId
from app.kernel.subjects import Subject
from app.messaging.conversations.changes import remove_message
from app.messaging.conversations.service import send_message
from app.messaging.conversations.starting import start_conversation
from app.messaging.groups.service import leave
from app.notifications.delivery.sending import send_due
from app.notifications.inbox.queries import list_lines, list_notifications, unread_count
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.subjects import Ruling, kinds
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

pytestmark = pytest.mark.databases("sqlite", "postgres")


@dataclass(frozen=True)
class World:
    ana: int
    bo: int
    mo: int


def forget_all() -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM notification")


def comment(world: World) -> Subject:
    said = recommend(world.ana, add_item(world.ana, kind="place", title="The bakery"), "recommend", text="Good")
    return Subject("comment", add_comment(world.bo, said, "I think so too"))


def recommendation(world: World) -> Subject:
    item = add_item(world.ana, kind="place", title="The bakery")
    return Subject("recommendation", recommend(world.bo, item, "recommend", text="Good"))


def helped(world: World) -> Subject:
    item = add_item(world.bo, kind="place", title="The bakery")
    said = recommend(world.ana, item, "recommend", text="Good")
    set_helpful(world.bo, said, helpful=True)
    return Subject("recommendation", said)


def ask(world: World) -> Subject:
    return Subject("ask", publish_question(world.bo, QuestionDraft(text="Who knows a baker?", reach=EVERYBODY)))


def answer(world: World) -> Subject:
    asked = publish_question(world.ana, QuestionDraft(text="Who knows a baker?", reach=EVERYBODY))
    item = add_item(world.bo, kind="place", title="The bakery")
    return recommended(answer_question(world.bo, asked, item, text="This one", disclosure="none"))


def recommended(answer: AnswerId) -> Subject:
    return Subject("recommendation", recommended_in(answer) or "")


def worded_answer(world: World) -> Subject:
    asked = publish_question(world.ana, QuestionDraft(text="Who knows a baker?", reach=EVERYBODY))
    return Subject("answer", answer_in_words(world.bo, asked, "The one by the bridge"))


def thanked_words(world: World) -> Subject:
    asked = publish_question(world.bo, QuestionDraft(text="Who knows a baker?", reach=EVERYBODY))
    run_reactions()
    forget_all()  # the ask itself stays
    said = answer_in_words(world.ana, asked, "The one by the bridge")
    thank_for(world.bo, asked, said)
    return Subject("answer", said)


def thanked_answer(world: World) -> Subject:
    asked = publish_question(world.bo, QuestionDraft(text="Who knows a baker?", reach=EVERYBODY))
    run_reactions()
    forget_all()  # the ask itself stays
    item = add_item(world.bo, kind="place", title="The bakery")
    said = answer_question(world.ana, asked, item, text="This one", disclosure="none")
    thank_for(world.bo, asked, said)
    return recommended(said)


def message(world: World) -> Subject:
    room, _new = start_conversation(world.bo, [world.ana])
    return Subject("message", send_message(world.bo, room, "client-1", "Are you there?").id)


def mention(world: World) -> Subject:
    room, _new = start_conversation(world.bo, [world.ana, world.mo], title="Some of us")
    return Subject("message", send_message(world.bo, room, "client-1", "@ana are you there?").id)


OCCASIONS = (
    comment,
    recommendation,
    helped,
    ask,
    answer,
    thanked_answer,
    worded_answer,
    thanked_words,
    message,
    mention,
)
Way = Callable[[World, Subject], None]


def removed_by_owner(world: World, thing: Subject) -> None:
    remove: Callable[[int, str], object] = {
        "comment": remove_comment,
        "recommendation": take_back,
        "ask": remove_question,
        "answer": remove_answer,
        "message": remove_message,
    }[thing.kind]
    remove(owner_of(world, thing), thing.id)


def removed_by_moderator(world: World, thing: Subject) -> None:
    remove = kinds()[thing.kind].remove
    assert remove is not None
    remove(thing.id, Ruling(moderator_id=world.mo))


def owner_erased(world: World, thing: Subject) -> None:
    if owner_of(world, thing) == world.bo:
        erase_member(world.bo, "bo")
    else:
        removed_by_owner(world, thing)


def owner_of(world: World, thing: Subject) -> int:
    found = kinds()[thing.kind].facts([thing.id])[thing.id].owner_id
    assert found is not None
    return found


WAYS: tuple[Way, ...] = (removed_by_owner, removed_by_moderator, owner_erased)


@pytest.fixture
def world(member: MemberFactory) -> World:
    found = World(member("ana"), member("bo"), member("mo", role="moderator"))
    for one in (found.ana, found.mo):
        vouch(found.bo, one, "trust")
        vouch(one, found.bo, "trust")
    run_reactions()
    # News of who trusts whom is not what is asked for here.
    forget_all()
    return found


def letters(app: Flask, to: str = "ana") -> int:
    mail = (app.config["KIN"].data_dir / "mail").glob("*.eml")
    return sum(f"To: {to}@" in one.read_text() for one in mail)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_is_gone_is_told_by_no_way(app: Flask, world: World, way: Way) -> None:
    wrong = []
    for occasion in OCCASIONS:
        if way is owner_erased and occasion is not OCCASIONS[-1]:
            continue  # bo goes once: with everything that is there, below
        forget_all()
        thing = occasion(world)
        run_reactions()
        db.session.rollback()
        if not list_notifications(world.ana).items:
            wrong.append(f"{occasion.__name__}: nothing was told before")
        way(world, thing)
        wrong += told_after(app, world, occasion.__name__)
    assert not wrong, "\n".join(wrong)


def test_an_erased_persons_things_are_told_by_no_way(app: Flask, world: World) -> None:
    """Together with what others had done to them: nothing points at what is not there."""
    for occasion in OCCASIONS:
        if occasion not in {helped, thanked_answer, thanked_words}:
            occasion(world)
    said = recommend(world.bo, add_item(world.bo, kind="place", title="The mill"), "recommend", text="Good")
    add_comment(world.mo, said, "Not so good")
    run_reactions()
    erase_member(world.bo, "bo")
    assert told_after(app, world, "all of it") == []


def told_after(app: Flask, world: World, what: str) -> list[str]:
    before = letters(app)
    run_reactions()
    db.session.rollback()
    unread = unread_count(world.ana)
    lines = [one.newest.kind for one in list_lines(world.ana).items if not one.read]
    each = [one.kind for one in list_notifications(world.ana).items if not one.read]
    send_due()
    found = {"badge": unread, "lines": lines, "list": each, "mails": letters(app) - before}
    return [f"{what}: {name} {it}" for name, it in found.items() if it]


def test_a_group_that_was_left_is_told_by_no_way(app: Flask, world: World) -> None:
    thing = mention(world)
    run_reactions()
    db.session.rollback()
    assert list_notifications(world.ana).items
    room = kinds()["message"].facts([thing.id])[thing.id].url.rsplit("/", 1)[-1]
    leave(world.ana, room)
    assert told_after(app, world, "the group") == []
    assert "mention" not in [one.kind for one in list_notifications(world.ana).items]


def test_a_thread_is_told_of_as_long_as_a_comment_stands(world: World) -> None:
    said = recommend(world.ana, add_item(world.ana, kind="place", title="The bakery"), "recommend", text="Good")
    add_comment(world.mo, said, "Not so good")
    newest = add_comment(world.bo, said, "I think so too")
    run_reactions()
    remove_comment(world.bo, newest)
    run_reactions()
    db.session.rollback()
    assert [one.actor_id for one in list_notifications(world.ana).items] == [world.mo]
    assert unread_count(world.ana) == 1
