"""Messages that are committed together are what they would be one after the other: a plain model says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from limits.storage import MemoryStorage
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.kernel.errors import DomainError
from app.messaging.conversations import checks, queries, sending, service
from app.messaging.conversations.sending import Draft
from app.messaging.conversations.values import Sent
from app.people.blocks.service import block, unblock
from app.platform.database import EventRow, db, unit_of_work
from app.platform.limits import RateKeeper
from tests.support.people import MemberFactory

PEOPLE, PLACES = 4, 3
sends = st.tuples(
    st.integers(0, PEOPLE - 1),  # who; the last takes part nowhere but in the room
    st.integers(0, PLACES),  # where; the last place is none
    st.integers(0, 3),  # under which name
    st.sampled_from(("plain", "plain", "plain", "answer", "photo", "mention")),
)
batches = st.lists(
    st.tuples(st.lists(sends, min_size=1, max_size=9), st.sampled_from(("well", "well", "well", "lost"))),
    min_size=1,
    max_size=5,
)
Send = tuple[int, int, int, str]


@dataclass
class Model:
    """One list for each conversation; nothing of transactions, numbers of rounds or statements."""

    inside: list[set[int]]
    said: list[list[tuple[int, str, str]]] = field(default_factory=list)

    def say(self, who: int, where: int, name: str, kind: str, *, last: int) -> tuple[int, bool] | str:
        if where >= PLACES or who not in self.inside[where]:
            return "not_found"
        told = self.said[where]
        for number, (author, under, _) in enumerate(told, start=1):
            if (author, under) == (who, name):
                return number, False
        if kind == "answer" and last < 1:
            return "bad_reply"
        if kind == "photo":
            return "bad_photo"
        told.append((who, name, kind))
        return len(told), True


class World:
    """A pair, a group and a room, and the model beside them."""

    def __init__(self, app: Flask, people: Sequence[int]) -> None:
        app.extensions["kin_rates"] = RateKeeper(MemoryStorage())
        ana, bo, cem, _dee = self.people = list(people)
        self.places = [service.start_conversation(*one)[0] for one in ((ana, [bo]), (ana, [bo, cem]), (bo, [cem]))]
        for ident, members in zip(self.places, ((bo,), (bo, cem), (cem,)), strict=True):
            for one in members:
                service.answer_request(one, ident, accept=True)
        # Whatever examples before this one have said in the same conversations stands already.
        self.model = Model([{0, 1}, {0, 1, 2}, {1, 2}])
        handles = {one: place for place, one in enumerate(self.people)}
        for ident in self.places:
            told = queries.messages_after(ident, 0, 1000)
            self.model.said.append([(handles[one.author_id], one.client_id, "") for one in told])

    def draft(self, send: Send) -> Draft:
        who, where, name, kind = send
        ident = self.places[where] if where < PLACES else "01HZZZZZZZZZZZZZZZZZZZZZZZ"
        return Draft(
            self.people[who],
            ident,
            f"name-{name}",
            f"text of {who} {'@nobody' if kind == 'mention' else ''}".strip(),
            reply_to=1 if kind == "answer" else None,
            photos=("01HYYYYYYYYYYYYYYYYYYYYYYY",) if kind == "photo" else (),
        )

    def play(self, batch: Sequence[Send]) -> None:
        with unit_of_work() as work:
            outcomes = sending.send_all(work, [self.draft(one) for one in batch])
        db.session.rollback()
        ids: dict[tuple[int, int], str] = {}
        for (who, where, name, kind), outcome in zip(batch, outcomes, strict=True):
            last = len(self.model.said[where]) if where < PLACES else 0
            expected = self.model.say(who, where, f"name-{name}", kind, last=last)
            if isinstance(expected, str):
                assert isinstance(outcome, DomainError)
                assert outcome.error_code == expected
            else:
                assert isinstance(outcome, Sent)
                assert (outcome.seq, outcome.created) == expected
                assert ids.setdefault((where, outcome.seq), outcome.id) == outcome.id

    def check(self) -> None:
        for ident, said in zip(self.places, self.model.said, strict=True):
            stored = queries.messages_after(ident, 0, 1000)
            assert [one.seq for one in stored] == list(range(1, len(said) + 1))
            assert [(one.author_id, one.client_id) for one in stored] == [(self.people[who], n) for who, n, _ in said]
            recorded = [one["seq"] for one in _events() if one["conversation_id"] == ident]
            assert recorded == [one.seq for one in stored], "each is in the log once, in its order"
        assert checks.run() == []


def _events() -> list[dict[str, Any]]:
    query = select(EventRow.payload).where(EventRow.name == "MessageSent").order_by(EventRow.id)
    return [dict(one) for one in db.session.scalars(query)]


@pytest.fixture
def people(member: MemberFactory) -> list[int]:
    return [member(name) for name in ("ana", "bo", "cem", "dee")]


TWICE = [
    ([(0, 1, 0, "plain"), (1, 1, 0, "plain"), (0, 1, 0, "plain"), (0, 0, 0, "answer"), (0, 0, 0, "plain")], "well")
]
MIXED = [
    ([(3, 1, 0, "plain"), (0, 1, 1, "photo"), (1, 1, 1, "plain"), (2, 3, 0, "plain"), (1, 1, 2, "answer")], "well")
]


@settings(
    max_examples=12, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(script=batches)
@example(script=TWICE)
@example(script=MIXED)
@example(script=[*TWICE, (TWICE[0][0], "lost"), *MIXED])
def test_together_is_one_after_the_other(
    app: Flask, people: list[int], monkeypatch: pytest.MonkeyPatch, script: list[tuple[list[Send], str]]
) -> None:
    world = World(app, people)
    for batch, end in script:
        if end == "lost":
            _lose(monkeypatch, [world.draft(one) for one in batch])
        else:
            world.play(batch)
        world.check()


def _lose(monkeypatch: pytest.MonkeyPatch, drafts: Sequence[Draft]) -> None:
    """Everything is written, and the commit fails: nothing of it is there, and nobody is told that it was."""
    with monkeypatch.context() as patch:

        def fail() -> None:
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

        patch.setattr(db.session, "commit", fail)
        with pytest.raises(OperationalError), unit_of_work() as work:
            sending.send_all(work, drafts)
    db.session.rollback()


def test_a_block_stands_between_two_and_not_in_the_way_of_others(people: list[int]) -> None:
    ana, bo, cem, _dee = people
    pair, _ = service.start_conversation(ana, [bo])
    other, _ = service.start_conversation(ana, [cem])
    block(bo, ana)
    with unit_of_work() as work:
        refused, taken = sending.send_all(work, [Draft(ana, pair, "x", "hello"), Draft(ana, other, "x", "hello")])
    assert isinstance(refused, DomainError)
    assert refused.error_code == "blocked"
    assert isinstance(taken, Sent)
    assert taken.seq == 1
    db.session.rollback()
    assert queries.messages_after(pair, 0) == []
    unblock(bo, ana)


def test_twenty_in_twenty_conversations_cost_no_more_statements_than_two(
    app: Flask, member: MemberFactory, people: list[int]
) -> None:
    from tests.support.sql_count import statements

    ana = people[0]
    app.extensions["kin_rates"] = RateKeeper(MemoryStorage())
    places = [service.start_conversation(ana, [member(f"zoe_{n}")])[0] for n in range(20)]
    counts = []
    for turn, count in enumerate((2, 20)):
        drafts = [Draft(ana, ident, f"turn-{turn}", "hello") for ident in places[:count]]
        with statements() as sent, unit_of_work() as work:
            outcomes = sending.send_all(work, drafts)
        assert all(isinstance(one, Sent) and one.created for one in outcomes)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 7
