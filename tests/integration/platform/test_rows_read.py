"""The measure of rows that other tests rely on tells a walk through a table from a look into an index."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, insert, select, text

from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from tests.support.rows_read import reads

MANY = 2_000


def test_a_scan_reads_the_table_and_an_index_does_not(app: Flask) -> None:
    assert app
    with unit_of_work():
        db.session.execute(
            insert(Member),
            [{"handle": f"m{n}", "name": f"M {n}", "fs_uniquifier": f"f{n}"} for n in range(1, MANY + 1)],
        )
    with unit_of_work():
        db.session.execute(text("ANALYZE"))
    with reads() as found:
        none = db.session.scalar(select(func.count()).where(Member.bio.contains("tea")))
    assert none == 0
    assert found.scanned == {"member"}
    assert found.amount >= MANY
    with reads() as few:
        known = select(Member.name).where(Member.handle == "m7", Member.id.in_(select(Member.id).limit(3)))
        db.session.execute(known).all()
        newest = db.session.scalars(select(Member.id).order_by(Member.handle.desc()).limit(5)).all()
    assert len(newest) == 5
    assert len(few) == 2
    assert few.amount < MANY / 4, few
    with unit_of_work(), reads() as written:
        db.session.execute(insert(Member).values(handle="new", name="New", fs_uniquifier="n"))
    assert written.amount == 0
