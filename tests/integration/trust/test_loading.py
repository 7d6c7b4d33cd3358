"""A server answers while its graph is still being loaded, and opens nothing that trust alone would open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.community.questions.widening import around_author
from app.importing.events import CommunityImported
from app.messaging.conversations.starting import strangers_among
from app.platform.database import db, unit_of_work
from app.trust.circle import live_graph, loading, service
from app.trust.circle.live_graph import LiveGraph
from app.trust.circle.loading import NotLoaded
from app.trust.circle.queries import circle_of, explain, independent_ways, trails
from app.trust.vouches.models import Vouch
from app.trust.vouches.service import vouch, withdraw
from tests.support.databases import Kind
from tests.support.live import environment_for
from tests.support.people import MemberFactory


@pytest.fixture
def fresh(app: Flask) -> LiveGraph:
    """The graph of the application as a process that starts has it: none."""
    made = app.extensions["kin_trust_graph"] = LiveGraph(app)
    return made


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any number of vouches is too many to be waited for."""
    monkeypatch.setattr(live_graph, "few_ties", lambda _reader: False)


@pytest.fixture
def held(app: Flask) -> Iterator[tuple[Callable[[], None], threading.Event]]:
    """Another process that builds, once it is let; and what lets it."""
    let = threading.Event()

    def build() -> None:
        assert let.wait(30)
        another = LiveGraph(app)
        another.rebuild()
        assert another.keep()

    yield build, let
    let.set()


def edges(graph: LiveGraph) -> dict[tuple[int, int], float]:
    trust = graph.trust()
    return {(a, b): trust.edge_weight(a, b) for a in trust for b in trust.neighbours(a)}  # type: ignore[misc] # ids of members are ints


def failures() -> float:
    return REGISTRY.get_sample_value("kinmarket_trust_graph_failures_total") or 0.0


@pytest.mark.usefixtures("large")
def test_requests_are_answered_at_once_and_everybody_is_a_stranger(
    app: Flask, member: MemberFactory, fresh: LiveGraph, held: tuple[Callable[[], None], threading.Event]
) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust")
    vouch(bo, cem, "trust")
    build, let = held
    fresh.load(build)
    with app.test_request_context():
        assert service.is_loading()
        assert circle_of(ana).ids == []
        assert trails(ana, [bo, cem]) == {}
        assert independent_ways(ana, [bo]) == 0
        assert explain(ana, bo).distance is None
        assert strangers_among(bo, [ana], None) == {ana}, "whoever writes to ana sends a request"
        with pytest.raises(NotLoaded):
            around_author(ana)  # nothing is written down by less than there is
    let.set()
    fresh.settle()
    with app.test_request_context():
        assert not service.is_loading()
        assert set(circle_of(ana).ids) == {bo, cem}
        assert strangers_among(bo, [ana], None) == frozenset()
        assert set(around_author(ana)) == {bo, cem}
    anew = LiveGraph(app)
    anew.rebuild()
    assert edges(fresh) == edges(anew)
    assert fresh.stats().last_event == anew.stats().last_event


@pytest.mark.usefixtures("large")
def test_what_happens_while_it_is_built_is_in_it(
    app: Flask, member: MemberFactory, fresh: LiveGraph, held: tuple[Callable[[], None], threading.Event]
) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust")
    build, let = held

    def and_then() -> None:
        build()
        with app.app_context():  # behind the place that the snapshot stands for
            withdraw(ana, bo)
            vouch(ana, cem, "trust")

    fresh.load(and_then)
    let.set()
    fresh.settle()
    with app.test_request_context():
        assert circle_of(ana).ids == [cem]


@pytest.mark.usefixtures("large")
def test_work_without_a_reader_waits_and_gives_up(
    member: MemberFactory,
    fresh: LiveGraph,
    held: tuple[Callable[[], None], threading.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    build, let = held
    fresh.load(build)
    monkeypatch.setattr(live_graph, "PATIENCE", 0.01)
    with pytest.raises(NotLoaded):
        circle_of(ana)
    monkeypatch.setattr(live_graph, "PATIENCE", 30.0)
    let.set()
    assert circle_of(ana).ids == [bo]


@pytest.mark.usefixtures("large")
def test_a_failure_is_seen_and_it_is_tried_again(
    app: Flask,
    member: MemberFactory,
    fresh: LiveGraph,
    held: tuple[Callable[[], None], threading.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    monkeypatch.setattr(loading, "PAUSES", (0.0,))
    build, let = held
    let.set()
    tries: list[str] = []

    def at_the_third() -> None:
        tries.append("try")
        if len(tries) == 1:
            raise RuntimeError("no room on the disk")
        if len(tries) > 2:
            build()  # the second says that it has built, and has not

    before = failures()
    with capture_logs() as lines:
        fresh.load(at_the_third)
        fresh.settle()
    assert len(tries) == 3
    assert failures() == before + 2
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["trust_rebuild_failed"] * 2
    assert REGISTRY.get_sample_value("kinmarket_trust_graph_loaded") == 1
    with app.test_request_context():
        assert circle_of(ana).ids == [bo]


@pytest.mark.usefixtures("large")
def test_a_snapshot_from_before_an_import_serves_until_there_is_another(
    app: Flask, member: MemberFactory, fresh: LiveGraph, held: tuple[Callable[[], None], threading.Event]
) -> None:
    """What a member took back since is not in it: it is caught up before anybody sees it."""
    ana, bo, cem, dee = (member(one) for one in ("ana", "bo", "cem", "dee"))
    vouch(ana, bo, "trust")
    vouch(ana, cem, "trust")
    service.rebuild()
    with unit_of_work() as unit:
        db.session.add(Vouch(truster_id=ana, trustee_id=dee, weight=0.7))
        unit.record(CommunityImported(members=0, items=0, recommendations=0, trust=1))
    withdraw(ana, cem)
    app.extensions["kin_trust_graph"] = fresh = LiveGraph(app)
    build, let = held
    fresh.load(build)
    with app.test_request_context():
        assert not service.is_loading()
        assert circle_of(ana).ids == [bo]
    let.set()
    fresh.settle()
    with app.test_request_context():
        assert set(circle_of(ana).ids) == {bo, dee}


def test_a_small_community_is_ready_at_once(app: Flask, member: MemberFactory, fresh: LiveGraph) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")

    def nobody() -> None:
        raise AssertionError("nobody is asked to build what is built in a moment")

    fresh.load(nobody)
    with app.test_request_context():
        assert circle_of(ana).ids == [bo]


@pytest.mark.databases("sqlite")
def test_the_operators_command_builds_it(
    app: Flask,
    member: MemberFactory,
    fresh: LiveGraph,
    database_kind: Kind,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    data = app.config["KIN"].data_dir
    for name, value in environment_for(database_url, data).items():
        monkeypatch.setenv(name, value)
    loading.build_elsewhere()
    assert list(data.glob("trust-*.graph"))
    fresh.load(loading.build_elsewhere)
    assert fresh.circle(ana).ids == [bo]
    monkeypatch.setenv("KINMARKET_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/at/all.db")
    with pytest.raises(RuntimeError, match="the database cannot be used"):
        loading.build_elsewhere()
