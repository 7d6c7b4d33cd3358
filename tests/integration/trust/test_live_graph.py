"""The graph of a process follows the event log, and equals what the tables say."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event

from app.importing.events import CommunityImported
from app.kernel.clock import Clock, clock
from app.kernel.events import Event
from app.people.accounts.events import MemberReinstated, MemberSuspended, SignedOut
from app.people.accounts.models import Member
from app.people.accounts.service import add_member
from app.people.blocks.service import block, unblock
from app.platform import event_log
from app.platform.database import EventRow, db, head, unit_of_work
from app.trust.circle import checks
from app.trust.circle.edge_reader import all_ties
from app.trust.circle.live_graph import LiveGraph, live_graph
from app.trust.circle.log_changes import EVERYTHING, HEARD
from app.trust.circle.queries import circle_of, stats
from app.trust.circle.rules import weigh
from app.trust.trades.service import record_trade
from app.trust.upheld_reports.service import record_upheld
from app.trust.vouches.models import Distrust, Vouch
from app.trust.vouches.service import vouch, withdraw
from tests.support.people import MemberFactory


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def edges() -> dict[tuple[int, int], float]:
    trust = live_graph().trust()
    return {(a, b): trust.edge_weight(a, b) for a in trust for b in trust.neighbours(a)}  # type: ignore[misc] # ids of members are ints


def in_tables() -> dict[tuple[int, int], float]:
    return weigh(all_ties(db.session), clock.now()).weights


def test_a_vouch_changes_the_circle_at_once(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    assert len(circle_of(ana)) == 0
    vouch(ana, bo, "trust")
    vouch(bo, cem, "trust_fully")
    circle = circle_of(ana)
    assert circle.ids == [bo, cem]
    assert circle.path_ids(cem) == [ana, bo, cem]
    assert (circle.distance(bo), circle.distance(cem), circle.distance(ana)) == (1, 2, 0)
    assert circle.within(1) == [bo]
    withdraw(ana, bo)
    assert circle_of(ana).ids == []
    assert circle_of(None).ids == []


def test_catching_up_costs_one_statement_when_nothing_happened(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    first = circle_of(ana)
    with statements() as seen:
        assert circle_of(ana) is first
    assert len(seen) == 1
    assert "event_log" in seen[0]


def test_events_that_do_not_concern_trust_are_passed_over(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    first = circle_of(ana)
    with unit_of_work() as unit:
        for _ in range(2500):
            unit.record(SignedOut(member_id=ana))
    assert circle_of(ana) is first
    assert stats().last_event == head()


def test_a_block_hides_each_from_the_other_and_ends_with_it(member: MemberFactory) -> None:
    ana, bo, cem, dee = (member(one) for one in ("ana", "bo", "cem", "dee"))
    vouch(ana, bo, "trust")
    vouch(bo, cem, "trust")
    vouch(cem, dee, "trust")
    block(cem, ana)
    assert circle_of(ana).ids == [bo]
    assert set(circle_of(bo).ids) == {cem, dee}
    unblock(cem, ana)
    assert circle_of(ana).ids == [bo, cem, dee]
    block(ana, bo)
    assert circle_of(ana).ids == []


def test_imported_distrust_goes_one_step_and_one_way(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust")
    vouch(bo, cem, "trust")
    vouch(cem, ana, "trust")
    with unit_of_work() as unit:
        db.session.add(Distrust(truster_id=ana, trustee_id=cem))
        unit.record(CommunityImported(members=0, items=0, recommendations=0, trust=1))
    circle_of(ana)
    live_graph().settle()
    assert circle_of(ana).ids == [bo]
    assert circle_of(bo).ids == [cem, ana]


def test_a_newcomer_is_tied_before_the_reaction_has_run(member: MemberFactory) -> None:
    ana = member("ana")
    circle_of(ana)
    bo = add_member("newbo", inviter_id=ana)
    assert circle_of(ana).ids == [bo]
    assert circle_of(bo).ids == [ana]
    assert list(checks.graph_equals_tables()) == [], "what is on its way is no breach"
    live_graph().rebuild()
    assert circle_of(ana).ids == [bo]
    event_log.run_reactions()
    assert edges() == in_tables() == {(ana, bo): 0.4, (bo, ana): 0.4}


def test_a_vouch_ends_by_itself(member: MemberFactory, fixed_clock: Clock) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust", expires_at=fixed_clock.now() + timedelta(days=1))
    assert circle_of(ana).ids == [bo]
    fixed_clock.advance(timedelta(days=2))
    assert circle_of(ana).ids == []
    vouch(ana, bo, "trust", expires_at=fixed_clock.now() + timedelta(days=1))
    live_graph().rebuild()
    assert circle_of(ana).ids == [bo]
    fixed_clock.advance(timedelta(days=2))
    assert circle_of(ana).ids == []


def test_who_is_suspended_takes_no_part_until_they_are_back(member: MemberFactory, fixed_clock: Clock) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust")
    vouch(bo, cem, "trust")
    circle_of(ana)
    with unit_of_work() as unit:
        db.session.get_one(Member, bo).suspended_until = fixed_clock.now() + timedelta(days=7)
        unit.record(MemberSuspended(member_id=bo))
    assert circle_of(ana).ids == []
    fixed_clock.advance(timedelta(days=8))
    assert circle_of(ana).ids == [bo, cem]
    with unit_of_work() as unit:
        db.session.get_one(Member, bo).active = False
        unit.record(MemberSuspended(member_id=bo))
    assert circle_of(ana).ids == []
    with unit_of_work() as unit:
        db.session.get_one(Member, bo).active = True
        unit.record(MemberReinstated(member_id=bo))
    assert circle_of(ana).ids == [bo, cem]


def test_what_is_not_committed_is_not_seen(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")

    class Rollback(Exception):
        pass

    def fail() -> None:
        with unit_of_work():
            db.session.execute(delete(Vouch))
            assert circle_of(ana).ids == [bo]
            raise Rollback

    with pytest.raises(Rollback):
        fail()
    assert circle_of(ana).ids == [bo]


def test_a_log_begun_anew_is_noticed(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    assert circle_of(ana).ids == [bo]
    with unit_of_work():
        db.session.execute(delete(Vouch))
        db.session.execute(delete(EventRow))
    assert circle_of(ana).ids == []


def test_every_event_that_it_hears_of_exists() -> None:
    for name, (first, second) in HEARD.items():
        known = Event.registry[name].__dataclass_fields__
        assert first in known
        assert second in known
    assert EVERYTHING in Event.registry


@pytest.mark.parametrize("seed", range(4))
def test_following_the_log_equals_building_anew(
    app: Flask, member: MemberFactory, fixed_clock: Clock, seed: int
) -> None:
    chance = random.Random(seed)
    ids = [member(f"m{one}") for one in range(6)]
    followers = [LiveGraph(app) for _ in range(2)]
    for follower in followers:
        follower.trust()
    degrees = ["acquainted", "trust", "trust_fully"]
    acts: list[Callable[[int, int, int], object]] = [
        lambda a, b, _turn: vouch(a, b, chance.choice(degrees)),
        lambda a, b, _turn: vouch(a, b, "trust", expires_at=fixed_clock.now() + timedelta(hours=chance.randint(1, 9))),
        lambda a, b, _turn: vouch(a, b, "trust", topic=chance.choice(["bicycles", "bread"])),
        lambda a, b, _turn: withdraw(a, b),
        lambda a, b, _turn: block(a, b),
        lambda a, b, _turn: unblock(a, b),
        lambda a, b, turn: record_trade(f"order {turn}", a, b),
        lambda a, b, turn: record_upheld(f"report {turn}", a, b),
        lambda _a, _b, _turn: fixed_clock.advance(timedelta(hours=3)),
    ]
    for turn in range(60):
        a, b = chance.sample(ids, 2)
        [act] = chance.choices(acts, weights=[4, 1, 1, 2, 1, 1, 2, 1, 1])
        try:
            act(a, b, turn)
        except Exception as refusal:  # noqa: BLE001 - which refusal does not matter here
            assert type(refusal).__module__ == "app.kernel.errors"  # noqa: PT017 - any refusal of ours
        chance.choice(followers).trust()
    for follower in followers:
        trust = follower.trust()
        found = {(a, b): trust.edge_weight(a, b) for a in trust for b in trust.neighbours(a)}
        # The graph keeps weights in steps of 0.004.
        assert found == pytest.approx(in_tables(), abs=0.0021)
    assert list(checks.graph_equals_tables()) == []
    assert list(checks.referrals_have_no_circle()) == []
