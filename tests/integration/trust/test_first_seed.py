"""The first operator is a seed, whichever way they became one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.people.accounts.service import grant_role, suspend
from app.people.accounts.values import MODERATOR, OPERATOR
from app.platform.database import EventRow, db
from app.platform.event_log import parked, run_reactions
from app.trust.reputation.queries import seed_ids
from tests.support.people import MemberFactory


def joined(member: MemberFactory, handle: str) -> int:
    return member(handle, role=OPERATOR)


def promoted(member: MemberFactory, handle: str) -> int:
    ident = member(handle)
    run_reactions()
    grant_role(ident, OPERATOR)
    return ident


@pytest.mark.parametrize("become", [joined, promoted])
def test_the_first_operator_is_a_seed(member: MemberFactory, become: Callable[[MemberFactory, str], int]) -> None:
    member("ana", role=MODERATOR)
    run_reactions()
    assert seed_ids() == []
    first = become(member, "op")
    run_reactions()
    assert seed_ids() == [first]
    become(member, "second")
    run_reactions()
    assert seed_ids() == [first], "who has seeds names further ones"


def test_another_role_makes_no_seed(member: MemberFactory) -> None:
    grant_role(member("ana"), MODERATOR)
    run_reactions()
    assert seed_ids() == []


def test_a_role_given_twice_is_told_once(member: MemberFactory) -> None:
    ana = member("ana")
    grant_role(ana, MODERATOR)
    grant_role(ana, MODERATOR)
    told = list(db.session.scalars(select(EventRow.payload).where(EventRow.name == "RoleGiven")))
    assert told == [{"member_id": ana}]


def test_an_operator_who_is_suspended_by_then_is_no_seed(member: MemberFactory) -> None:
    mallory, boss = member("mallory", role=OPERATOR), member("boss", role=OPERATOR)
    suspend(boss, mallory)
    run_reactions()
    assert seed_ids() == [boss]
    assert parked() == []
