"""A first message from outside the circle waits until it is accepted."""

from __future__ import annotations

import pytest

from app.kernel.errors import TooMany
from app.kernel.ids import new_id
from app.messaging.conversations import checks, queries, service
from app.messaging.conversations.rules import start_limit
from app.messaging.conversations.values import ParticipantStatus
from app.platform.database import EventRow, db
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory


def told(member_id: int) -> list[str]:
    from app.notifications.inbox.models import NotificationRow

    run_reactions()
    db.session.rollback()
    rows = db.session.query(NotificationRow.kind).filter(NotificationRow.member_id == member_id)
    return [row.kind for row in rows]


def test_a_stranger_waits_and_nothing_is_told(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    ident, created = service.start_conversation(ana, [bo])
    assert created
    service.send_message(ana, ident, "x", "Hello Bo")
    assert queries.list_conversations(bo).items == []
    (row,) = queries.list_conversations(bo, standings=(ParticipantStatus.REQUEST,)).items
    assert row.last_text == "Hello Bo"
    assert queries.count_requests(bo) == 1
    assert queries.get_conversation(ana, ident).waiting
    # Looking at it leaves no trace.
    assert service.mark_read(bo, ident, 1) == 0
    assert "message" not in told(bo)


def test_accepting_lets_it_in(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo])
    service.send_message(ana, ident, "x", "Hello Bo")
    service.answer_request(bo, ident, accept=True)
    service.answer_request(bo, ident, accept=True)
    assert not queries.get_conversation(ana, ident).waiting
    assert queries.count_requests(bo) == 0
    service.mark_read(bo, ident, 1)
    service.send_message(ana, ident, "y", "Thank you")
    assert told(bo) == ["message"]
    answered = db.session.query(EventRow).filter(EventRow.name == "RequestAnswered").all()
    assert [row.payload["accepted"] for row in answered] == [True]


def test_an_answer_accepts(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo])
    service.send_message(ana, ident, "x", "Hello Bo")
    service.send_message(bo, ident, "y", "Hello Ana")
    assert not queries.get_conversation(ana, ident).waiting
    assert queries.list_conversations(bo).items[0].id == ident


def test_declining_is_silent(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo])
    service.send_message(ana, ident, "x", "Hello Bo")
    service.answer_request(bo, ident, accept=False)
    assert queries.count_requests(bo) == 0
    assert queries.list_conversations(bo).items == []
    assert queries.get_conversation(ana, ident).waiting
    service.send_message(ana, ident, "y", "Are you there?")
    assert queries.count_requests(bo) == 0
    assert checks.run() == []


def test_whom_one_trusts_needs_no_permission(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(bo, ana, "trust")
    vouch(ana, cem, "trust")
    near, _ = service.start_conversation(ana, [bo])
    two_steps, _ = service.start_conversation(cem, [bo])
    assert not queries.get_conversation(ana, near).waiting
    assert not queries.get_conversation(cem, two_steps).waiting
    # Trust goes one way: Bo is a stranger to Cem.
    assert queries.get_conversation(bo, two_steps).standing == ParticipantStatus.INSIDE


def test_a_seller_has_asked_to_be_written_to(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo], listing_id=new_id(), seller_id=bo)
    service.send_message(ana, ident, "x", "Is it still there?")
    assert queries.list_conversations(bo).items[0].id == ident
    other, _ = service.start_conversation(bo, [ana], listing_id=new_id(), seller_id=bo)
    assert queries.get_conversation(bo, other).waiting


def test_who_has_talked_before_is_no_stranger(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    ident, _ = service.start_conversation(ana, [bo])
    service.answer_request(bo, ident, accept=True)
    again, _ = service.start_conversation(ana, [bo], listing_id=new_id())
    assert not queries.get_conversation(ana, again).waiting


@pytest.mark.databases("sqlite")
def test_few_strangers_a_day(member: MemberFactory) -> None:
    ana = member("ana")
    assert start_limit(None, None) == ("strangers", "40/day")
    assert start_limit(1, None)[1] == "100/day"
    assert start_limit(4, None)[1] == "50/day"
    for n in range(40):
        service.start_conversation(ana, [member(f"m{n}")])
    with pytest.raises(TooMany) as refusal:
        service.start_conversation(ana, [member("one_more")])
    assert refusal.value.retry_after
    assert "h." in refusal.value.message
    friend = member("friend")
    vouch(ana, friend, "trust")
    service.start_conversation(ana, [friend])
