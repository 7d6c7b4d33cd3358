"""Every operation in any order, against a plain dictionary and networkx.

Few members come and go, so that indices are given back and used again all the time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import graph.store.edges
from graph import TrustGraph
from graph.store.ids import Ids
from graph.store.ties import ELSEWHERE, VOUCH
from tests.graph.invariants import check_graph, check_ids
from tests.graph.oracles import costed, disjoint_ways, trust_rank

Pair = tuple[int | str, int | str]
Reasons = dict[tuple[str, str | None], tuple[float, float | None]]

PEOPLE: list[int | str] = [*range(18), "ana", "bo", "cem", -(2**40), 2**80]
people = st.sampled_from(PEOPLE)
pairs = st.tuples(people, people).filter(lambda pair: pair[0] != pair[1])
weights = st.sampled_from([0.2, 0.4, 0.6, 0.8, 1.0])  # kept exactly, and so is the half of each
kinds = st.sampled_from([VOUCH, "referral", "trade"])
topics = st.sampled_from([None, "tea", "cameras"])


class Model:
    """What the graph should hold, as plainly as it can be said."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.members: set[int | str] = set()
        self.made: dict[Pair, Reasons] = {}
        self.blocks: set[Pair] = set()
        self.reports: set[Pair] = set()

    def meet(self, *who: int | str) -> None:
        self.members.update(who)

    def leave(self, who: int | str) -> None:
        self.members.discard(who)
        self.made = {pair: made for pair, made in self.made.items() if who not in pair}
        self.blocks = {pair for pair in self.blocks if who not in pair}
        self.reports = {pair for pair in self.reports if who not in pair}

    def purge(self) -> None:
        for pair, made in list(self.made.items()):
            kept = {name: said for name, said in made.items() if said[1] is None or said[1] > self.now}
            if kept:
                self.made[pair] = kept
            else:
                del self.made[pair]

    def weight(self, pair: Pair, topic: str | None = None) -> float:
        return max(w * (1.0 if about in (None, topic) else ELSEWHERE) for (_, about), (w, _) in self.made[pair].items())

    def edges(self, topic: str | None = None) -> dict[Pair, float]:
        self.purge()
        return {pair: self.weight(pair, topic) for pair in self.made if pair not in self.blocks}

    def seen_by(self, viewer: int | str, topic: str | None = None) -> nx.DiGraph[Any]:
        """The graph without those whom the viewer has blocked."""
        found: nx.DiGraph[Any] = nx.DiGraph()
        found.add_nodes_from(self.members)
        found.add_weighted_edges_from((a, b, w) for (a, b), w in self.edges(topic).items())
        found.remove_nodes_from([b for a, b in self.blocks if a == viewer])
        return costed(found)

    def scores(self, viewer: int | str, topic: str | None = None) -> dict[int | str, float]:
        rank = trust_rank(self.seen_by(viewer, topic), viewer)
        for reporter, named in self.reports:
            trust = 1.0 if reporter == viewer else self.edges(topic).get((viewer, reporter), 0.0)
            if named in rank:
                rank[named] *= 1.0 - trust
        return {who: score for who, score in rank.items() if who != viewer}


@pytest.fixture(autouse=True, scope="module")
def small() -> Iterator[None]:
    """What is many to a graph of twenty: so that bulk loads lay out anew."""
    patch = pytest.MonkeyPatch()
    patch.setattr(graph.store.edges, "FEW", 6)
    yield
    patch.undo()


class Machine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.graph = TrustGraph(clock=lambda: self.model.now)
        self.most = 0

    @rule(who=people)
    def join(self, who: int | str) -> None:
        self.graph.add_member(who)
        self.model.meet(who)

    @rule(who=people)
    def leave(self, who: int | str) -> None:
        self.graph.remove_member(who)
        self.model.leave(who)

    @rule(who=st.lists(people, min_size=4, max_size=16))
    def many_leave(self, who: list[int | str]) -> None:
        for one in who:
            self.leave(one)

    @rule(pair=pairs, weight=weights, kind=kinds, topic=topics, lasts=st.sampled_from([None, -5.0, 3.0, 40.0]))
    def say(self, pair: Pair, weight: float, kind: str, topic: str | None, lasts: float | None) -> None:
        until = None if lasts is None else self.model.now + lasts
        self.graph.add_edge(*pair, weight, kind=kind, topic=topic, until=until)
        self.model.meet(*pair)
        self.model.made.setdefault(pair, {})[kind, topic] = (weight, until)

    @rule(pair=pairs, weight=weights, times=st.integers(1, 90))
    def renew(self, pair: Pair, weight: float, times: int) -> None:
        for more in range(times):
            self.graph.add_edge(*pair, weight, topic="tea", until=self.model.now + 50 + more)
        self.model.meet(*pair)
        self.model.made.setdefault(pair, {})[VOUCH, "tea"] = (weight, self.model.now + 49 + times)

    @rule(given=st.lists(st.tuples(pairs, weights), min_size=1, max_size=30), kind=st.sampled_from([VOUCH, "trade"]))
    def bulk(self, given: list[tuple[Pair, float]], kind: str) -> None:
        sources, targets, said = [a for (a, _), _ in given], [b for (_, b), _ in given], [w for _, w in given]
        self.graph.add_edges(sources, targets, said, kind=kind)
        for pair, weight in given:
            self.model.meet(*pair)
            self.model.made.setdefault(pair, {})[kind, None] = (weight, None)

    @rule(given=st.lists(st.tuples(st.integers(0, 17), st.integers(0, 17), weights), min_size=1, max_size=40))
    def bulk_of_numbers(self, given: list[tuple[int, int, float]]) -> None:
        given = [(a, b, w) for a, b, w in given if a != b]
        table = np.array(given, np.float64).reshape(-1, 3)
        self.graph.add_edges(table[:, 0].astype(np.int64), table[:, 1].astype(np.int32), table[:, 2])
        for a, b, weight in given:
            self.model.meet(a, b)
            self.model.made.setdefault((a, b), {})[VOUCH, None] = (weight, None)

    @rule(given=st.lists(pairs, max_size=8), who=people)
    def refused(self, given: list[Pair], who: int | str) -> None:
        sources, targets = [*(a for a, _ in given), who], [*(b for _, b in given), who]
        with pytest.raises(graph.GraphError):
            self.graph.add_edges(sources, targets)

    @rule(pair=pairs, kind=st.one_of(st.none(), kinds), topic=topics)
    def withdraw(self, pair: Pair, kind: str | None, topic: str | None) -> None:
        self.model.purge()
        made = self.model.made.get(pair, {})
        gone = set(made) if kind is None else {(kind, topic)} & set(made)
        assert self.graph.remove_edge(*pair, kind=kind, topic=topic) == bool(gone)
        for name in gone:
            del made[name]
        if not made:
            self.model.made.pop(pair, None)

    @rule(pair=pairs)
    def block(self, pair: Pair) -> None:
        self.graph.block(*pair)
        self.model.meet(*pair)
        self.model.blocks.add(pair)

    @rule(pair=pairs)
    def unblock(self, pair: Pair) -> None:
        self.graph.unblock(*pair)
        self.model.blocks.discard(pair)

    @rule(pair=pairs)
    def report(self, pair: Pair) -> None:
        self.graph.report(*pair)
        self.model.meet(*pair)
        self.model.reports.add(pair)

    @rule(pair=pairs)
    def withdraw_report(self, pair: Pair) -> None:
        self.graph.withdraw_report(*pair)
        self.model.reports.discard(pair)

    @rule(seconds=st.sampled_from([1.0, 5.0, 60.0]))
    def time_passes(self, seconds: float) -> None:
        self.model.now += seconds

    @rule(again=st.booleans())
    def save(self, again: bool) -> None:
        with TemporaryDirectory() as folder:
            self.graph.save(Path(folder) / "graph", position=7)
            if again:
                self.graph = TrustGraph.load(Path(folder) / "graph", clock=lambda: self.model.now)
                self.most = 0

    @rule(data=st.data())
    def as_networkx(self, data: st.DataObject) -> None:
        listed = nx.get_edge_attributes(self.graph.to_networkx(), "weight")
        assert listed == pytest.approx(self.model.edges())

    @rule(viewer=people, topic=topics)
    def ask(self, viewer: int | str, topic: str | None) -> None:
        scores = self.graph.scores(viewer, topic=topic)
        if viewer not in self.model.members:
            assert scores == {}
            return
        for who, score in self.model.scores(viewer, topic).items():
            assert scores.get(who, 0.0) == pytest.approx(score, abs=2e-6)
        assert scores.keys() <= self.model.members

    @rule(viewer=people, wanted=st.sets(people, min_size=1, max_size=4))
    def ask_the_way(self, viewer: int | str, wanted: set[int | str]) -> None:
        paths = self.graph.best_paths(viewer, wanted)
        if viewer not in self.model.members:
            assert paths == {}
            return
        seen = self.model.seen_by(viewer)
        costs = nx.single_source_dijkstra_path_length(seen, viewer, weight="cost")
        assert set(paths) == wanted & costs.keys()
        for target, path in paths.items():
            assert nx.path_weight(seen, path, "cost") == pytest.approx(costs[target], abs=1e-6)
        ways = {one: disjoint_ways(seen, viewer, {one} & set(seen)) for one in wanted - {viewer}}
        assert self.graph.ways_to_each(viewer, wanted - {viewer}) == ways
        hops = nx.single_source_shortest_path_length(seen, viewer)
        assert self.graph.distances(viewer, cutoff=30) == hops

    @invariant()
    def is_the_dictionary(self) -> None:
        g, model = self.graph, self.model
        expected = model.edges()
        assert (g.nodes, g.edges) == (len(model.members), len(expected))
        assert all((who in g) == (who in model.members) for who in PEOPLE)
        for a in model.members:
            assert g.neighbours(a) == pytest.approx({y: w for (x, y), w in expected.items() if x == a})
            assert set(g.blocked(a)) == {y for x, y in model.blocks if x == a}
        for pair, made in model.made.items():
            kept = {(tie.kind, tie.topic): (tie.weight, tie.until) for tie in g.ties(*pair)}
            assert kept == made
        self.most = max(self.most, len(model.members))
        assert g._ids.count <= max(self.most, 0) + 16  # room that was given back is used again

    @invariant()
    def is_whole_inside(self) -> None:
        check_graph(self.graph, self.model.members)


def test_every_operation_in_any_order(kernels: str) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40 if kernels == "compiled" else 12,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


@pytest.mark.parametrize("seed", range(12))
def test_members_come_and_go(seed: int) -> None:
    """The id table alone, thousands of steps with few members at a time."""
    rng = random.Random(seed)
    ids = Ids()
    known: dict[int | str, int] = {}
    everybody: list[int | str] = [*range(40), *(f"m{i}" for i in range(5)), 2**70, -(2**63), 2**63 - 1]
    for _ in range(600):
        who = rng.choice(everybody)
        if who in known and rng.random() < 0.6:
            ids.forget(who)
            del known[who]
        elif rng.random() < 0.2:
            some = np.array([rng.randrange(40) for _ in range(rng.randint(1, 70))])
            known.update(zip(some.tolist(), ids.many(some, create=True).tolist(), strict=True))
        else:
            known[who] = ids.add(who)
        check_ids(ids, set(known))
        assert all(ids.find(one) == known.get(one, -1) for one in everybody)
        assert ids.count <= len(everybody)


def test_a_stranger_never_gets_another_ones_vouches(tmp_path: Path) -> None:
    g = TrustGraph()
    for i in range(15):
        g.add_edge(i, (i + 1) % 15, 0.6)
    for i in range(9):  # suspended in one go
        g.remove_member(i)
    g.add_edge(8, 9, 0.6)  # the last of them comes back
    g.add_member("another")
    for i in range(100, 120):
        g.add_member(i)
    for again in (g, _saved(g, tmp_path)):
        assert (again.neighbours(8), again.nodes, again.edges) == ({9: 0.6}, 28, 6)
        assert {who for who in again if again.neighbours(who)} == set(range(8, 14))


def _saved(g: TrustGraph, folder: Path) -> TrustGraph:
    g.save(folder / "graph")
    return TrustGraph.load(folder / "graph")


def test_who_left_is_gone() -> None:
    g = TrustGraph()
    for i in range(20):
        g.add_member(i)
    for i in range(9):
        g.remove_member(i)
        assert i not in g
    assert list(g) == list(range(9, 20))
