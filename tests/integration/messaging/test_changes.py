"""What becomes of messages: edits, reactions, deletion, cards, held ones; each finds who was away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.subjects import Subject
from app.messaging.conversations import changes, checks, queries, service
from app.messaging.conversations.values import CardKind
from app.moderation.held_messages import service as held_messages
from app.people.blocks.service import block
from app.platform.database import EventRow, db
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

Trio = tuple[int, int, str]


@pytest.fixture
def pair(member: MemberFactory) -> Trio:
    ana, bo = member("ana"), member("bo")
    vouch(bo, ana, "trust")
    vouch(ana, bo, "trust")
    ident, _ = service.start_conversation(ana, [bo])
    return ana, bo, ident


def events(name: str) -> list[dict[str, object]]:
    db.session.rollback()
    return [row.payload for row in db.session.query(EventRow).filter(EventRow.name == name)]


def test_an_edit_keeps_what_was_said_before(pair: Trio) -> None:
    ana, bo, ident = pair
    sent = service.send_message(ana, ident, "x", "Five euros")
    edited = changes.edit_message(ana, sent.id, "Six euros")
    assert (edited.body, edited.change_seq, edited.edited_at is not None) == ("Six euros", 1, True)
    changes.edit_message(ana, sent.id, "Seven euros")
    assert [one.body for one in queries.edits_of(bo, sent.id)] == ["Five euros", "Six euros"]
    (changed,) = queries.changed_after(ident, 0)
    assert (changed.body, changed.change_seq) == ("Seven euros", 2)
    # The same words again are no change.
    assert changes.edit_message(ana, sent.id, "Seven euros").change_seq == 2
    assert checks.run() == []


def test_who_may_edit_and_for_how_long(pair: Trio, member: MemberFactory, fixed_clock: Clock) -> None:
    ana, bo, ident = pair
    sent = service.send_message(ana, ident, "x", "hello")
    with pytest.raises(Forbidden):
        changes.edit_message(bo, sent.id, "not mine")
    with pytest.raises(NotFound):
        changes.edit_message(member("cem"), sent.id, "no part in it")
    with pytest.raises(Invalid):
        changes.edit_message(ana, sent.id, " \u202e ")
    fixed_clock.advance(timedelta(hours=48))
    changes.edit_message(ana, sent.id, "just in time")
    fixed_clock.advance(timedelta(seconds=1))
    with pytest.raises(Forbidden) as refusal:
        changes.edit_message(ana, sent.id, "too late")
    assert refusal.value.error_code == "too_late"
    changes.remove_message(ana, sent.id)
    assert queries.edits_of(bo, sent.id) == []
    with pytest.raises(Conflict):
        changes.edit_message(ana, sent.id, "gone")


def test_a_reaction_counts_once_however_often_it_is_given(app: Flask, pair: Trio) -> None:
    ana, bo, ident = pair
    sent = service.send_message(ana, ident, "x", "hello")
    tries: list[Callable[[], object]] = [partial(changes.react, bo, sent.id, "👍", on=True) for _ in range(6)]
    tries += [partial(changes.react, ana, sent.id, "👍", on=True) for _ in range(6)]
    _together(app, tries)
    db.session.rollback()
    (found,) = queries.changed_after(ident, 0)
    assert [(one.emoji, one.members) for one in found.reactions] == [("👍", ("ana", "bo"))]
    assert found.change_seq == queries.get_conversation(ana, ident).last_change_seq == 2
    changes.react(bo, sent.id, "👍", on=False)
    changes.react(bo, sent.id, "👍", on=False)
    assert queries.get_message(sent.id).reactions[0].members == ("ana",)
    assert queries.get_conversation(ana, ident).last_change_seq == 3
    with pytest.raises(Invalid):
        changes.react(bo, sent.id, "🍌", on=True)


def _together(app: Flask, work: Sequence[Callable[[], object]]) -> None:
    def run(one: Callable[[], object]) -> None:
        with app.app_context():
            try:
                one()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(run, work))


def test_changes_from_many_have_numbers_without_a_gap(app: Flask, pair: Trio) -> None:
    ana, bo, ident = pair
    sent = [service.send_message(ana, ident, f"c{n}", f"text {n}") for n in range(4)]
    work: list[Callable[[], object]] = []
    for n, one in enumerate(sent):
        work += [
            partial(changes.edit_message, ana, one.id, f"changed {n}"),
            partial(changes.react, bo, one.id, "🎉", on=True),
            partial(changes.react, ana, one.id, "👀", on=True),
        ]
    _together(app, work)
    db.session.rollback()
    assert queries.get_conversation(ana, ident).last_change_seq == 12
    changed = queries.changed_after(ident, 0)
    assert sorted(one.seq for one in changed) == [1, 2, 3, 4]
    numbers = [one.change_seq for one in changed]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 12
    assert checks.run() == []


def test_an_answer_quotes_and_forgets_what_was_removed(pair: Trio) -> None:
    ana, bo, ident = pair
    first = service.send_message(ana, ident, "x", "Is it **oak**?")
    service.send_message(bo, ident, "y", "Yes", reply_to=1)
    answer = queries.find_message_at(ident, 2)
    assert answer is not None
    assert answer.reply is not None
    assert (answer.reply.seq, answer.reply.author, answer.reply.excerpt) == (1, "ana", "Is it oak?")
    with pytest.raises(Invalid):
        service.send_message(bo, ident, "z", "Yes", reply_to=9)
    changes.remove_message(ana, first.id)
    answer = queries.find_message_at(ident, 2)
    assert answer is not None
    assert answer.reply is not None
    assert answer.reply.excerpt == ""


def test_a_card_is_told_once(pair: Trio, member: MemberFactory) -> None:
    ana, bo, ident = pair
    for _ in range(3):
        service.post_card(
            bo, ident, CardKind.OFFER_MADE, key="offer:1", subject=Subject("listing", "l1"), data={"amount": "5 EUR"}
        )
    (card,) = queries.messages_after(ident, 0)
    assert card.card == {"kind": "offer_made", "data": {"amount": "5 EUR"}, "subject": {"kind": "listing", "id": "l1"}}
    assert (card.author, card.body) == ("bo", "")
    assert queries.list_conversations(ana).items[0].card == "offer_made"
    assert service.post_card(member("cem"), ident, CardKind.PROMISED, key="p") is None
    with pytest.raises(Invalid):
        service.send_message(ana, ident, "kinmarket-card:offer:2", "mine")
    with pytest.raises(Forbidden):
        changes.remove_message(bo, card.id)


def test_only_those_who_take_part_are_mentioned(pair: Trio, member: MemberFactory) -> None:
    ana, bo, ident = pair
    member("cem")
    service.send_message(ana, ident, "x", "@bo and @cem, mail me: ana@bo.example, @bo @ana")
    assert [one["member_id"] for one in events("MemberMentioned")] == [bo]


FRAUD = "Log in to confirm: http://paypa1.com/ and send a steam card"


def test_what_smells_of_fraud_waits_for_a_moderator(member: MemberFactory) -> None:
    ana, bo, mo = member("ana"), member("bo"), member("mo", role="moderator")
    ident, _ = service.start_conversation(ana, [bo])
    service.answer_request(bo, ident, accept=True)
    sent = service.send_message(ana, ident, "x", FRAUD)
    assert (sent.held, sent.seq) == (True, 1)
    assert service.send_message(ana, ident, "x", FRAUD).held
    (for_bo,) = queries.messages_after(ident, 0, reader=bo)
    assert (for_bo.body, for_bo.html, for_bo.held, for_bo.signs) == ("", "", True, ())
    (for_ana,) = queries.messages_after(ident, 0, reader=ana)
    assert (for_ana.body, for_ana.held) == (FRAUD, True)
    assert events("MessageSent") == []
    assert queries.search_messages(bo, "steam").items == []
    assert queries.list_conversations(bo).items[0].last_text == ""
    with pytest.raises(Forbidden):
        held_messages.release(bo, sent.id, "why not")
    with pytest.raises(Conflict):
        changes.react(bo, sent.id, "👍", on=True)
    held_messages.release(mo, sent.id, "A joke among friends.")
    (changed,) = queries.changed_after(ident, 0, reader=bo)
    assert (changed.body, changed.held, changed.change_seq) == (FRAUD, False, 1)
    assert len(events("MessageSent")) == 1
    with pytest.raises(Conflict):
        held_messages.release(mo, sent.id, "A joke among friends.")
    other = service.send_message(ana, ident, "y", FRAUD)
    held_messages.drop(mo, other.id, "Fraud.")
    (dropped,) = queries.changed_after(ident, 1, reader=ana)
    assert (dropped.deleted, dropped.held, dropped.body) == (True, False, "")
    assert checks.run() == []


def test_an_edit_into_fraud_is_held_too(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo])
    sent = service.send_message(ana, ident, "x", "Hello")
    assert changes.edit_message(ana, sent.id, FRAUD).held
    assert queries.messages_after(ident, 0, reader=bo)[0].body == ""


def test_search_finds_only_ones_own_in_every_script(pair: Trio, member: MemberFactory) -> None:
    ana, bo, ident = pair
    service.send_message(ana, ident, "x", "Der Große Fahrradständer steht in Malmö")
    service.send_message(bo, ident, "y", "今天下午可以来看旧书桌吗")
    gone = service.send_message(bo, ident, "z", "fahrrad, but removed")
    changes.remove_message(bo, gone.id)
    assert [one.message.seq for one in queries.search_messages(ana, "GROSSE malmo").items] == [1]
    assert [one.message.seq for one in queries.search_messages(bo, "书桌").items] == [2]
    assert [one.message.seq for one in queries.search_messages(bo, "rad").items] == [1]
    assert queries.search_messages(member("cem"), "书桌").items == []
    assert queries.search_messages(ana, "100%_").items == []
    assert queries.search_messages(ana, "").items == []


def test_muted_conversations_leave_the_badge_alone(pair: Trio) -> None:
    ana, bo, ident = pair
    service.set_muted(bo, ident, muted=True)
    sent = service.send_message(ana, ident, "x", "hello")
    assert queries.to_notify([sent.id]) == {}
    assert queries.list_conversations(bo).items[0].muted
    service.set_muted(bo, ident, muted=False)
    assert queries.to_notify([sent.id]) == {sent.id: [bo]}


def test_in_a_group_the_blocked_are_not_read(pair: Trio, member: MemberFactory) -> None:
    ana, bo, _ident = pair
    cem = member("cem")
    for one in (bo, cem):
        vouch(one, ana, "trust")
    group, _ = service.start_conversation(ana, [bo, cem], title="Three")
    block(cem, bo)
    service.send_message(bo, group, "x", "hello all")
    assert queries.messages_after(group, 0, reader=cem)[0].hidden
    assert queries.messages_after(group, 0, reader=cem)[0].body == ""
    assert queries.messages_after(group, 0, reader=ana)[0].body == "hello all"
