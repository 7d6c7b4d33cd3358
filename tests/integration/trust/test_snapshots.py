"""A start from the snapshot: what is read again, and what is never trusted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import delete, update
from structlog.testing import capture_logs

from app import create_app
from app.importing.events import CommunityImported
from app.kernel.clock import Clock
from app.people.accounts.events import MemberSuspended
from app.people.accounts.models import Member
from app.platform.database import EventRow, db, unit_of_work
from app.trust.circle import checks, live_graph, service
from app.trust.circle.live_graph import LiveGraph
from app.trust.circle.log_changes import newest
from app.trust.circle.snapshots import name_of
from app.trust.trades.service import record_trade
from app.trust.vouches.models import Vouch
from app.trust.vouches.service import vouch, withdraw
from tests.support.databases import settings_for
from tests.support.people import MemberFactory

Built = list[str]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Built:
    """Each time that a graph is built from the tables."""
    seen: Built = []
    rebuild = LiveGraph.rebuild

    def note(self: LiveGraph, *more: object) -> object:
        seen.append("tables")
        return rebuild(self, *more)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(LiveGraph, "rebuild", note)
    return seen


def folder(app: Flask) -> Path:
    found: Path = app.config["KIN"].data_dir
    return found


def kept(app: Flask) -> list[Path]:
    return list(folder(app).glob("trust-*.graph"))


def edges(graph: LiveGraph) -> dict[tuple[int, int], float]:
    trust = graph.trust()
    return {(a, b): trust.edge_weight(a, b) for a in trust for b in trust.neighbours(a)}  # type: ignore[misc] # ids of members are ints


def test_a_start_takes_the_snapshot_and_the_tail_of_the_log(app: Flask, member: MemberFactory, built: Built) -> None:
    ana, bo, cem, dee = (member(one) for one in ("ana", "bo", "cem", "dee"))
    vouch(ana, bo, "trust")
    vouch(bo, cem, "trust", topic="bread")
    record_trade("o1", cem, dee)
    assert service.keep() is False, "there is no graph yet"
    LiveGraph(app).start()
    assert built == ["tables"]
    [first] = kept(app)
    vouch(ana, cem, "acquainted")
    withdraw(ana, bo)
    member("eve")
    after = LiveGraph(app)
    after.start()
    assert built == ["tables"], "not built again"
    assert after.circle(ana).ids[0] == cem
    assert edges(after) == pytest.approx({(ana, cem): 0.3, (bo, cem): 0.3, (cem, dee): 0.2})
    assert after.keep()
    [second] = kept(app)
    assert second != first, "the older one is gone"


def test_ends_are_kept_with_the_snapshot(app: Flask, member: MemberFactory, fixed_clock: Clock, built: Built) -> None:
    ana, bo, cem = (member(one) for one in ("ana", "bo", "cem"))
    vouch(ana, bo, "trust", expires_at=fixed_clock.now() + timedelta(hours=1))
    vouch(ana, cem, "trust")
    with unit_of_work() as unit:
        until = fixed_clock.now() + timedelta(hours=2)
        db.session.execute(update(Member).where(Member.id == cem).values(suspended_until=until))
        unit.record(MemberSuspended(member_id=cem))
    LiveGraph(app).start()
    built.clear()
    assert LiveGraph(app).circle(ana).ids == [bo]
    fixed_clock.advance(timedelta(hours=3))
    assert LiveGraph(app).circle(ana).ids == [cem], "both ends came while nobody served"
    assert built == []


def test_a_damaged_snapshot_is_noticed_and_thrown_away(app: Flask, member: MemberFactory, built: Built) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    LiveGraph(app).start()
    [path] = kept(app)
    whole = path.read_bytes()
    middle = len(whole) // 2
    for broken in (whole[:-1], whole[:100], b"", whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
        path.write_bytes(broken)
        built.clear()
        graph = LiveGraph(app)
        with capture_logs() as said:
            assert graph.circle(ana).ids == [bo]
        assert built == ["tables"]
        assert not path.exists()
        assert [line["event"] for line in said] == ["trust_snapshot_refused"]


def test_one_of_an_older_format_is_built_anew(
    app: Flask, member: MemberFactory, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    with monkeypatch.context() as before:
        before.setattr("graph.store.snapshot.VERSION", 1)
        LiveGraph(app).start()
    [path] = kept(app)
    built.clear()
    LiveGraph(app).start()
    assert built == ["tables"]
    assert kept(app) == [path], "and a new one is kept at once"
    built.clear()
    assert LiveGraph(app).circle(ana).ids == [bo]
    assert built == []


def test_one_of_another_database_or_another_past_is_refused(
    app: Flask, member: MemberFactory, fixed_clock: Clock, built: Built
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    LiveGraph(app).start()
    [path] = kept(app)
    fixed_clock.advance(timedelta(seconds=1))
    with unit_of_work():
        db.session.execute(delete(Vouch))
        db.session.execute(update(EventRow).values(at=fixed_clock.now()))
    built.clear()
    assert LiveGraph(app).circle(ana).ids == []
    assert built == ["tables"]
    assert not path.exists()


def test_a_renamed_one_is_refused(app: Flask, member: MemberFactory, built: Built) -> None:
    ana, bo = member("ana"), member("bo")
    LiveGraph(app).start()
    [path] = kept(app)
    vouch(ana, bo, "trust")
    path.rename(path.with_name(name_of(newest(db.session))))
    built.clear()
    assert LiveGraph(app).circle(ana).ids == [bo]
    assert built == ["tables"]


def test_one_from_before_an_import_or_far_behind_is_not_used(
    app: Flask, member: MemberFactory, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = member("ana"), member("bo")
    LiveGraph(app).start()
    with unit_of_work() as unit:
        db.session.add(Vouch(truster_id=ana, trustee_id=bo, weight=0.7))
        unit.record(CommunityImported(members=0, items=0, recommendations=0, trust=1))
    built.clear()
    assert LiveGraph(app).circle(ana).ids == [bo], "at once, not after a rebuild aside"
    assert built == ["tables"]
    LiveGraph(app).start()
    LiveGraph(app).keep()
    monkeypatch.setattr(live_graph, "MAX_BEHIND", 2)
    for strength in ("trust", "acquainted", "trust_fully"):
        vouch(ana, bo, strength)
    built.clear()
    assert LiveGraph(app).circle(ana).ids == [bo]
    assert built == ["tables"]


def test_rebuilding_by_command_keeps_a_snapshot_and_the_check_holds(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    service.rebuild()
    assert len(kept(app)) == 1
    assert list(checks.graph_equals_tables()) == []


def test_another_server_process_sees_a_vouch_at_its_next_look(
    app: Flask, member: MemberFactory, database_url: str, tmp_path: Path
) -> None:
    """Two applications on one database stand for two processes; nothing is shared but the tables."""
    ana, bo, cem = (member(one) for one in ("ana", "bo", "cem"))
    other = create_app(settings_for(database_url, tmp_path / "other"))
    with other.app_context():
        there = live_graph.live_graph()
        assert there.circle(ana).ids == []
    vouch(ana, bo, "trust")
    with other.app_context():
        assert there.circle(ana).ids == [bo]
        db.session.rollback()
    vouch(bo, cem, "trust")
    with other.test_request_context():
        assert there.circle(ana).ids == [bo, cem]
        db.session.rollback()
        with app.app_context():
            withdraw(bo, cem)
        assert there.circle(ana).ids == [bo, cem], "one look is enough for a short request"
        g.kin_trust_caught_up -= 0.6
        db.session.rollback()
        assert there.circle(ana).ids == [bo], "a long one or a socket looks again within a second"
        db.session.remove()
        db.engine.dispose()
