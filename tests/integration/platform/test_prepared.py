"""A prepared statement answers as the session does, each time with the values of that time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Float, Integer, Numeric, bindparam, cast, exists, literal, null, select, union_all

from app.kernel.clock import clock
from app.people.accounts.models import Member
from app.people.accounts.queries import now_param
from app.platform.database import EventRow, UtcDateTime, db, unit_of_work
from app.platform.prepared import Prepared
from tests.support.people import MemberFactory


def test_times_lists_paths_and_truths_are_the_same(app: Flask, member: MemberFactory, fixed_clock: Any) -> None:
    assert app
    ana, bo = member("ana"), member("bo")
    with unit_of_work():
        db.session.add(EventRow(name="seen", payload={"who": "ana"}, at=clock.now()))
        db.session.get_one(Member, bo).suspended_until = clock.now() + timedelta(hours=1)
    seen = exists().where(
        EventRow.payload["who"].as_string() == "ana", EventRow.at <= bindparam("at", type_=UtcDateTime())
    )
    statement = (
        select(
            Member.handle,
            Member.active,
            Member.joined_at,
            (Member.suspended_until > now_param()).label("away"),
            seen.label("seen"),
        )
        .where(Member.id.in_([ana, bo]), Member.id >= bindparam("least", type_=Integer()))
        .order_by(Member.id)
    )
    prepared = Prepared(statement)
    for passed, least in ((timedelta(0), 0), (timedelta(hours=2), 0), (timedelta(0), bo)):
        fixed_clock.advance(passed)
        for at in (clock.now(), clock.now() - timedelta(days=1)):
            given = {"least": least, "at": at}
            wanted = [tuple(row) for row in db.session.execute(statement, given)]
            found = prepared.rows(**given)
            assert [tuple(row) for row in found] == wanted
            assert [type(one) for row in found for one in row] == [type(one) for row in wanted for one in row]
            assert found[-1].handle == "bo"
            assert bool(found[-1].away) is (fixed_clock.now() < wanted[-1][2] + timedelta(hours=1))


def test_tuples_are_what_the_driver_gives_and_a_reader_makes_values_of_them(app: Flask, member: MemberFactory) -> None:
    assert app
    ids = [member("ana"), member("bo")]
    columns = (Member.id, Member.joined_at)
    either = union_all(*(select(*columns).where(Member.id == one) for one in ids))
    prepared = Prepared(either)
    found, wanted = prepared.tuples(), db.session.execute(either).all()
    read = prepared.reader("joined_at")
    assert [(one, read(at)) for one, at in found] == [tuple(row) for row in wanted]
    assert prepared.reader("id")(ids[0]) == ids[0]


def test_numbers_of_every_kind_are_the_same(app: Flask, member: MemberFactory) -> None:
    assert app
    who = member("ana")
    one, half = literal(1), literal(0.5, type_=Float())
    statement = select(Member.id, half.label("half"), cast(one, Numeric(4, 2)).label("price"), null().label("none"))
    statement = statement.where(Member.id == bindparam("who", type_=Integer()))
    prepared = Prepared(statement)
    for _again in range(2):
        (found,), (wanted,) = prepared.rows(who=who), db.session.execute(statement, {"who": who}).all()
        assert tuple(found) == tuple(wanted) == (who, 0.5, 1, None)
        assert [type(value) for value in found] == [type(value) for value in wanted]
