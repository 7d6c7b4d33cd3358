"""The graph is built at the first question: whoever waits for it holds no connection that the builder needs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import QueuePool, func, select

from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.trust.circle.live_graph import live_graph
from app.trust.circle.queries import circle_of
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

pytestmark = pytest.mark.databases("sqlite", "postgres")


@pytest.mark.parametrize("inside", [False, True], ids=["reading", "writing"])
def test_as_many_as_there_are_connections_ask_first(app: Flask, member: MemberFactory, inside: bool) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    sqlite = db.engine.dialect.name == "sqlite"
    db.session.remove()
    graph = live_graph()
    assert graph._built is None, "nobody has asked yet"
    connections = db.engine.pool
    assert isinstance(connections, QueuePool)
    many = connections.size() + connections._max_overflow
    together = threading.Barrier(many)

    def ask() -> int | None:
        db.session.scalar(select(func.count()).select_from(Member))
        if not (inside and sqlite):  # there one writes at a time
            together.wait(30)
        return circle_of(ana).distance(bo)

    def one(_number: int) -> int | None:
        with app.app_context():
            try:
                if not inside:
                    return ask()
                with unit_of_work():
                    return ask()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(many) as pool:
        assert list(pool.map(one, range(many))) == [1] * many
