"""Heirs of groups, changes of many at once, limits by people, and decisions that hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.kernel.clock import Clock
from app.kernel.errors import TooMany
from app.kernel.subjects import Subject
from app.messaging.conversations import changes, checks, queries, service
from app.messaging.conversations.numbers import number_changes
from app.messaging.groups import service as groups
from app.messaging.groups.queries import find_rooms
from app.moderation.decisions.service import decide
from app.moderation.reports.service import file_report
from app.people.accounts.models import member_role
from app.people.data_requests.service import erase_member
from app.platform.database import db, unit_of_work
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory


def owner_of(place: str, people: Sequence[int]) -> list[int]:
    db.session.rollback()
    inside = [one for one in people if queries.takes_part(one, place)]
    return [one for one in inside if queries.get_conversation(one, place).role == "owner"]


@pytest.mark.parametrize("going", ["leaves", "erased"])
def test_the_heir_is_who_has_been_inside_the_longest(going: str, member: MemberFactory, fixed_clock: Clock) -> None:
    """Not the lowest id; whoever left and came back begins anew, whoever is suspended comes last."""
    handles = ["bo", "cem", "dee", "eve", "ana"]
    ids = dict(zip(handles, [member(one) for one in handles], strict=True))
    room = groups.open_room(ids["ana"], "Bikes")
    for one in ("eve", "dee", "bo", "cem"):
        fixed_clock.advance(timedelta(minutes=1))
        groups.join_room(ids[one], room)
    groups.leave(ids["eve"], room)
    fixed_clock.advance(timedelta(minutes=1))
    groups.join_room(ids["eve"], room)
    line = ["ana", "dee", "bo", "cem", "eve"]
    for place, one in enumerate(line):
        assert owner_of(room, list(ids.values())) == [ids[one]], one
        assert checks.run() == []
        if going == "leaves":
            groups.leave(ids[one], room)
        else:
            erase_member(ids[one], one)
        assert place or owner_of(room, list(ids.values()))
    newcomer = member("fay")
    groups.join_room(newcomer, room)
    assert owner_of(room, [newcomer]) == [newcomer]


def test_after_erasure_everything_can_be_fetched(member: MemberFactory) -> None:
    """250 messages go at once, between answers to them; a naive client pages by the last number."""
    ana, bo = member("ana"), member("bo")
    vouch(bo, ana, "trust")
    ident, _ = service.start_conversation(ana, [bo])
    for number in range(250):
        service.send_message(ana, ident, f"a{number}", f"word {number}")
        if number % 50 == 0:
            service.send_message(bo, ident, f"b{number}", "indeed", reply_to=queries.positions_of([ident])[ident][0])
    reacted = service.send_message(bo, ident, "last", "bye")
    changes.react(ana, reacted.id, "👍", on=True)
    held = {one.seq: one for one in queries.messages_after(ident, 0, 400, reader=bo)}
    after = queries.get_conversation(bo, ident).last_change_seq
    erase_member(ana, "ana")
    while page := queries.changed_after(ident, after, 200, reader=bo):
        held |= {one.seq: one for one in page}
        after = page[-1].change_seq
    assert list(held.values()) == queries.messages_after(ident, 0, 400, reader=bo)
    assert checks.run() == []


@settings(
    max_examples=15, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(counts=st.lists(st.integers(0, 4), min_size=1, max_size=6), page=st.integers(1, 5))
@pytest.mark.databases("sqlite")
def test_numbers_of_changes_at_once_are_pages(
    counts: list[int], page: int, member: MemberFactory, pair_of: tuple[int, str]
) -> None:
    _ana, ident = pair_of
    ids = [one.id for one in queries.messages_after(ident, 0)]
    start = queries.positions_of([ident])[ident][1]
    changed: set[str] = set()
    for count in counts:
        with unit_of_work():
            number_changes(ident, ids[:count])
        changed |= set(ids[:count])
    db.session.rollback()
    found: list[str] = []
    after = start
    while some := queries.changed_after(ident, after, page):
        found += [one.id for one in some]
        after = some[-1].change_seq
    assert sorted(found) == sorted(changed)


@pytest.fixture
def pair_of(member: MemberFactory) -> tuple[int, str]:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo])
    for number in range(5):
        service.send_message(ana, ident, f"a{number}", "word")
    return ana, ident


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("way", ["one by one", "groups", "adding"])
def test_a_day_holds_forty_strangers_however_they_are_written_to(way: str, member: MemberFactory) -> None:
    ana = member("ana")
    friends = [member(f"friend{n}") for n in range(2)]
    for one in friends:
        vouch(ana, one, "trust")
        vouch(one, ana, "trust")
    strangers = [member(f"m{n}") for n in range(44)]
    reached = 0
    if way == "adding":
        group, _ = service.start_conversation(ana, friends)
    portions = [[one] for one in strangers] if way == "one by one" else [strangers[n : n + 9] for n in range(0, 44, 9)]
    for some in portions:
        try:
            if way == "adding":
                groups.add_people(ana, group, some)
            else:
                service.start_conversation(ana, some)
        except TooMany:
            continue
        reached += len(some)
    # Of a call that would be too many nobody is reached, and nobody is counted.
    assert reached == (40 if way == "one by one" else 36)


@pytest.mark.parametrize("kind", ["message", "room"])
def test_a_decision_is_done_whatever_the_moderator_is_by_then(kind: str, member: MemberFactory) -> None:
    ana, bo, mo = member("ana"), member("bo"), member("mo", role="moderator")
    if kind == "message":
        ident, _ = service.start_conversation(ana, [bo])
        subject = service.send_message(ana, ident, "x", "Pay me outside").id
    else:
        subject = groups.open_room(ana, "Odd things")
    decide(mo, file_report(bo, Subject(kind, subject), "scam", ""), "remove", "Against the rules.")
    with unit_of_work():
        db.session.execute(delete(member_role).where(member_role.c.member_id == mo))
    run_reactions()
    db.session.rollback()
    if kind == "message":
        assert queries.get_message(subject).deleted
    else:
        assert find_rooms(bo).items == []
