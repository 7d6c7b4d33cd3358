"""Writes that are right when two write at once, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.people.accounts.models import Member
from app.people.blocks.models import Block
from app.people.invites.models import Invite
from app.platform import sql
from app.platform.database import db, unit_of_work
from tests.support.people import MemberFactory

CROWD = 12
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at_once(app: Flask, task: Callable[[int], int]) -> list[int | Exception]:
    gate = threading.Barrier(CROWD)

    def run(number: int) -> int | Exception:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                return task(number)
            except Exception as problem:  # noqa: BLE001 - what a writer gets is the answer
                return problem

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(run, range(CROWD)))


def count(model: type[object]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_of_many_inserts_the_row(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")

    def insert(_number: int) -> int:
        with unit_of_work():
            return sql.insert_or_ignore(Block, {"blocker_id": ana, "blocked_id": bo, "created_at": AT})

    assert sorted(map(int, at_once(app, insert))) == [0] * (CROWD - 1) + [1]  # type: ignore[arg-type]
    assert count(Block) == 1


def test_reading_first_is_a_race_that_this_crowd_finds(app: Flask, member: MemberFactory) -> None:
    """The naive twin: without it the test above would prove nothing."""
    ana, bo = member("ana"), member("bo")
    read = threading.Barrier(CROWD)

    def insert(_number: int) -> int:
        there = db.session.scalar(select(func.count()).select_from(Block))
        db.session.rollback()
        read.wait(timeout=30)
        with unit_of_work():
            if not there:
                db.session.add(Block(blocker_id=ana, blocked_id=bo, created_at=AT))
        return 1

    answers = at_once(app, insert)
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == CROWD - 1


def test_insert_or_ignore_counts_and_passes_over_one_key_only(app: Flask, member: MemberFactory) -> None:
    ana, *others = [member(f"p{number}") for number in range(6)]
    rows = [{"blocker_id": ana, "blocked_id": other, "created_at": AT} for other in others]
    with unit_of_work():
        assert sql.insert_or_ignore(Block, rows[:2]) == 2
        assert sql.insert_or_ignore(Block, rows) == 3
        assert sql.insert_or_ignore(Block, []) == 0
        assert sql.insert_or_ignore(Block.__table__, rows[0]) == 0  # type: ignore[arg-type]
    taken = {"member_id": ana, "code": "one", "created_at": AT}
    with unit_of_work():
        assert sql.insert_or_ignore(Invite, taken, keys=["member_id"]) == 1
    with pytest.raises(IntegrityError), unit_of_work():
        sql.insert_or_ignore(Invite, {**taken, "member_id": others[0]}, keys=["member_id"])
    with unit_of_work():
        assert sql.insert_or_ignore(Invite, {**taken, "member_id": others[0]}) == 0


def test_many_rows_go_in_portions(app: Flask, member: MemberFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "MAX_VALUES", 6)
    ana, *others = [member(f"p{number}") for number in range(8)]
    rows = [{"blocker_id": ana, "blocked_id": other, "created_at": AT} for other in others]
    with unit_of_work():
        assert sql.insert_or_ignore(Block, rows) == 7
        assert sql.upsert(Block, rows, keys=["blocker_id", "blocked_id"]) == 7
    assert count(Block) == 7


def test_upsert_writes_what_it_is_told(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    row = {"member_id": ana, "code": "first", "created_at": AT}

    def code() -> str | None:
        return db.session.scalar(select(Invite.code))

    with unit_of_work():
        assert sql.upsert(Invite, row, keys=["member_id"]) == 1
        assert code() == "first"
        assert sql.upsert(Invite, {**row, "code": "second"}, keys=["member_id"]) == 1
        assert code() == "second"
        assert sql.upsert(Invite, {**row, "code": "third"}, keys=["member_id"], news=["created_at"]) == 1
        assert code() == "second"
        assert sql.upsert(Invite, row, keys=["member_id"], news={"code": Invite.code + "!"}) == 1
        assert code() == "second!"
        kept = sql.upsert(Invite, {**row, "code": "late"}, keys=["member_id"], where=Invite.code == "other")
        assert kept == 0
        assert code() == "second!"
        assert sql.upsert(Invite, {**row, "code": "late"}, keys=["member_id"], news=[]) == 0
        assert code() == "second!"


def test_everybody_upserts_at_once(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")

    def write(number: int) -> int:
        row = {"member_id": ana, "code": f"code{number}", "created_at": AT}
        with unit_of_work():
            return sql.upsert(Invite, row, keys=["member_id"])

    assert at_once(app, write) == [1] * CROWD
    assert count(Invite) == 1


def test_one_of_many_moves_it(app: Flask, member: MemberFactory) -> None:
    ana = member("ana", bio="open")

    def move(number: int) -> int:
        with unit_of_work():
            return sql.transition(Member, {"id": ana, "bio": "open"}, {"bio": f"taken by {number}"})

    assert sum(map(int, at_once(app, move))) == 1  # type: ignore[arg-type]


def test_a_transition_asks_for_the_state(app: Flask, member: MemberFactory) -> None:
    ana, _bo = member("ana", bio="open"), member("bo", bio="open")
    with unit_of_work():
        assert not sql.transition(Member, {"id": ana, "bio": "closed"}, {"bio": "sold"})
        assert sql.transition(Member, {"id": ana, "bio": {"open", "kept"}}, {"bio": "kept"})
        row = sql.transitioned(Member, {"id": ana, "bio": ["kept"]}, {"bio": "sold"}, Member.handle, Member.bio)
        assert row is not None
        assert tuple(row) == ("ana", "sold")
        assert not sql.transition(Member, {"id": ana, "bio": None}, {"bio": "open"})
    with pytest.raises(ValueError, match="2 rows"), unit_of_work():
        sql.transition(Member, {"bio": ["open", "sold"]}, {"bio": "gone"})
    with pytest.raises(ValueError, match="needs a thing"):
        sql.transition(Member, {}, {"bio": "gone"})
