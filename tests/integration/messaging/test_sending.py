"""Conversations and messages: one of each, in order, whoever else writes at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from app.kernel.bounds import MAX_COUNTED
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from app.kernel.ids import new_id
from app.messaging.conversations import changes, checks, queries, service
from app.messaging.conversations.models import Conversation, Message
from app.messaging.conversations.reading import Reading, mark_all_read
from app.messaging.conversations.values import room_of
from app.people.blocks.service import block
from app.platform.database import EventRow, db, unit_of_work
from app.platform.realtime import member_room
from app.platform.subjects import Ruling
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

T = TypeVar("T")


def together(app: Flask, work: Sequence[Callable[[], T]]) -> list[T]:
    """Runs all at the same moment, each in a context of its own."""
    start = threading.Barrier(len(work))

    def run(one: Callable[[], T]) -> T:
        with app.app_context():
            try:
                start.wait(20)
                return one()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


@pytest.fixture
def pair(member: MemberFactory) -> tuple[int, int, str]:
    ana, bo = member("ana"), member("bo")
    ident, created = service.start_conversation(ana, [bo])
    assert created
    service.answer_request(bo, ident, accept=True)
    return ana, bo, ident


def test_one_conversation_per_pair_and_listing(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    first, created = service.start_conversation(ana, [bo])
    assert created
    assert service.start_conversation(bo, [ana]) == (first, False)
    lamp, created = service.start_conversation(ana, [bo], listing_id=new_id())
    assert created
    assert lamp != first


def test_many_begin_the_same_conversation_at_once(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    tries = [
        lambda: service.start_conversation(ana, [bo]),
        lambda: service.start_conversation(bo, [ana]),
    ] * 6
    found = together(app, tries)
    assert len({ident for ident, _created in found}) == 1
    assert sum(created for _ident, created in found) == 1


def test_numbers_without_a_gap_from_many_writers(app: Flask, pair: tuple[int, int, str]) -> None:
    ana, bo, ident = pair
    tries = [
        partial(service.send_message, author, ident, f"c{n}", f"text {n}") for n in range(8) for author in (ana, bo)
    ]
    sent = together(app, tries)
    assert sorted(one.seq for one in sent) == list(range(1, 17))
    db.session.rollback()
    assert checks.run() == []
    assert [one.seq for one in queries.messages_after(ident, 0)] == list(range(1, 17))


def test_the_same_message_sent_twice_at_once(app: Flask, pair: tuple[int, int, str]) -> None:
    ana, _bo, ident = pair
    sent = together(app, [lambda: service.send_message(ana, ident, "same", "hello")] * 12)
    assert len({(one.id, one.seq) for one in sent}) == 1
    assert sum(one.created for one in sent) == 1
    db.session.rollback()
    assert len(queries.messages_after(ident, 0)) == 1
    assert len(list(db.session.scalars(select(EventRow.id).where(EventRow.name == "MessageSent")))) == 1


def test_the_harness_sees_a_naive_sender_fail(app: Flask, pair: tuple[int, int, str]) -> None:
    """Reads the number, then writes it: two get the same one, or the constraint refuses."""
    ana, _bo, ident = pair
    seen = threading.Barrier(6)

    def naive(n: int) -> int | None:
        last = db.session.scalar(select(Conversation.last_seq).where(Conversation.id == ident)) or 0
        db.session.rollback()
        seen.wait(20)
        try:
            with unit_of_work():
                db.session.execute(update(Conversation).where(Conversation.id == ident).values(last_seq=last + 1))
                db.session.add(
                    Message(
                        id=new_id(),
                        conversation_id=ident,
                        seq=last + 1,
                        change_seq=0,
                        client_id=f"n{n}",
                        author_id=ana,
                        body="x",
                    )
                )
        except Exception:  # noqa: BLE001 - whatever the database calls it
            return None
        return last + 1

    found = together(app, [partial(naive, n) for n in range(6)])
    assert sorted(one for one in found if isinstance(one, int)) != list(range(1, 7))


def test_the_same_client_id_is_the_same_message_for_good(pair: tuple[int, int, str]) -> None:
    ana, bo, ident = pair
    first = service.send_message(ana, ident, "x", "hello")
    assert service.send_message(bo, ident, "x", "mine").seq == 2
    changes.remove_message(ana, first.id)
    again = service.send_message(ana, ident, "x", "other words")
    assert (again.id, again.seq, again.created) == (first.id, 1, False)
    block(bo, ana)
    assert service.send_message(ana, ident, "x", "hello").seq == 1


def test_who_may_not_write(pair: tuple[int, int, str], member: MemberFactory) -> None:
    ana, bo, ident = pair
    cem = member("cem")
    with pytest.raises(NotFound):
        service.send_message(cem, ident, "x", "hello")
    with pytest.raises(NotFound):
        queries.get_conversation(cem, ident)
    with pytest.raises(NotFound):
        service.mark_read(cem, ident, 1)
    block(bo, ana)
    for author in (ana, bo):
        with pytest.raises(Forbidden) as refusal:
            service.send_message(author, ident, "x", "hello")
        assert refusal.value.error_code == "blocked"
    with pytest.raises(Forbidden):
        service.start_conversation(ana, [bo], listing_id=new_id())


@pytest.mark.parametrize(
    ("client_id", "body"), [("", "a"), ("x" * 65, "a"), ("a\x00", "a"), ("x", " \u202e "), ("x", "a" * 4001)]
)
def test_what_is_no_message(pair: tuple[int, int, str], client_id: str, body: str) -> None:
    with pytest.raises(Invalid):
        service.send_message(pair[0], pair[2], client_id, body)


def test_a_suspended_member_cannot_write(pair: tuple[int, int, str]) -> None:
    from app.people.accounts.models import Member

    with unit_of_work():
        db.session.execute(update(Member).where(Member.id == pair[0]).values(active=False))
    with pytest.raises(DomainError) as refusal:
        service.send_message(pair[0], pair[2], "x", "hello")
    assert refusal.value.status == 403


def test_unread_and_read(pair: tuple[int, int, str]) -> None:
    ana, bo, ident = pair
    for n in range(3):
        service.send_message(ana, ident, f"c{n}", f"**text** {n}")
    (row,) = queries.list_conversations(bo).items
    assert (row.unread, row.last_text, row.last_author_id) == (3, "text 2", ana)
    assert queries.list_conversations(ana).items[0].unread == 0
    assert service.mark_read(bo, ident, 2) == 2
    assert service.mark_read(bo, ident, 1) == 2
    assert service.mark_read(bo, ident, 99) == 3
    assert queries.list_conversations(bo).items[0].unread == 0


def test_what_many_have_read_is_written_together(member: MemberFactory) -> None:
    """Each gets the answer that they would have got alone; the statements don't grow with their number."""
    ana, bo, cem, dee = (member(name) for name in ("ana", "bo", "cem", "dee"))
    for one in (bo, cem):
        vouch(one, ana, "trust")
    group, _ = service.start_conversation(ana, [bo, cem, dee], title="Group")
    pair, _ = service.start_conversation(ana, [bo])
    for place in (group, pair):
        for number in range(3):
            service.send_message(ana, place, f"c{number}", f"text {number}")
    block(cem, bo)
    said = [
        Reading(bo, group, 2),
        Reading(cem, group, 99),
        Reading(dee, group, 3),  # a request: nobody learns of it
        Reading(bo, pair, 1),
        Reading(bo, group, 1),
        Reading(dee, pair, 1),
        Reading(bo, group, 3),
    ]
    with statements() as sent, unit_of_work() as work:
        outcomes = mark_all_read(work, said)
        hints = list(work.hints)
    last = queries.get_conversation(ana, group).last_seq
    assert outcomes[:5] + outcomes[6:] == [2, last, 0, 1, 2, 3]
    assert isinstance(outcomes[5], NotFound)
    told = {(one.room, one.payload["member"], one.payload["seq"], one.but) for one in hints}
    assert told == {
        (room_of(group), "bo", 3, (member_room(cem),)),
        (room_of(group), "cem", last, (member_room(bo),)),
        (room_of(pair), "bo", 1, (member_room(cem),)),
    }
    assert queries.get_conversation(bo, group).read_seq == 3
    assert queries.get_conversation(dee, group).read_seq == 0
    assert len(sent) <= 6


def test_list_goes_on_by_cursor(pair: tuple[int, int, str], member: MemberFactory) -> None:
    ana = pair[0]
    for name in ("cem", "dee", "eva"):
        ident, _ = service.start_conversation(ana, [member(name)])
        service.send_message(ana, ident, "x", f"hello {name}")
    page = queries.list_conversations(ana, 2)
    assert [row.last_text for row in page.items] == ["hello eva", "hello dee"]
    rest = queries.list_conversations(ana, 2, page.next)
    assert [row.last_text for row in rest.items] == ["hello cem"]
    assert rest.next is None


def test_a_moderator_hides_the_words_and_the_change_has_a_number(
    pair: tuple[int, int, str], member: MemberFactory
) -> None:
    ana, bo, ident = pair
    sent = service.send_message(ana, ident, "x", "bad words")
    service.send_message(ana, ident, "y", "good words")
    mo = member("mo", role="moderator")
    changes.remove(sent.id, Ruling(moderator_id=mo))
    changes.remove(sent.id, Ruling(moderator_id=mo))
    (changed,) = queries.changed_after(ident, 0)
    assert (changed.seq, changed.change_seq, changed.body, changed.deleted) == (1, 1, "", True)
    assert queries.get_conversation(bo, ident).last_change_seq == 1
    assert checks.run() == []


def test_erasing_leaves_no_words_and_no_gap(pair: tuple[int, int, str]) -> None:
    from app.messaging.conversations import privacy

    ana, bo, ident = pair
    service.send_message(ana, ident, "x", "my secret")
    service.send_message(bo, ident, "y", "fine")
    assert [one["body"] for one in privacy.export(ana)] == ["my secret"]
    with unit_of_work():
        privacy.erase(ana)
    assert [(one.seq, one.body) for one in queries.messages_after(ident, 0)] == [(1, ""), (2, "fine")]
    assert checks.run() == []


def test_of_very_many_unread_no_more_are_looked_at_than_are_told(pair: tuple[int, int, str]) -> None:
    ana, bo, ident = pair
    rows = [
        {"id": new_id(), "conversation_id": ident, "seq": n, "client_id": f"c{n}", "author_id": ana, "body": "x"}
        for n in range(1, MAX_COUNTED + 21)
    ]
    with unit_of_work():
        db.session.execute(insert(Message), rows)
        db.session.execute(update(Conversation).where(Conversation.id == ident).values(last_seq=len(rows)))
    assert queries.list_conversations(bo).items[0].unread == MAX_COUNTED + 1
    service.mark_read(bo, ident, 30)
    assert queries.list_conversations(bo).items[0].unread == MAX_COUNTED - 10
