"""The graph is asked inside units of work: all who write at once get their answer."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask

from app.platform.database import aside, db, unit_of_work
from app.trust.circle.live_graph import live_graph
from tests.support.people import MemberFactory

pytestmark = pytest.mark.databases("postgres")
WRITERS = 40  # as many as there are connections


def test_forty_writers_ask_at_once(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    live_graph().trust()
    inside = threading.Barrier(WRITERS)
    done: list[bool] = []

    def write() -> None:
        with app.app_context():
            with unit_of_work():
                inside.wait(30)  # every connection of the pool is held by somebody who wants another
                done.append(ana in live_graph().trust() and bo in live_graph().trust())
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert done == [True] * WRITERS
    assert time.monotonic() - begun < 10
    with aside() as connection:
        connection.engine.dispose()
