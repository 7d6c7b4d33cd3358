"""Changes in place: in effect at the next query, refused without a trace."""

import random
import time
from typing import Any, cast

import networkx as nx
import numpy as np
import pytest

from graph import GraphError, Id, TrustGraph
from graph.store.weights import FULL, WEIGHTS


def test_replacing_and_removing() -> None:
    g = TrustGraph()
    g.add_edge("ana", "bo", 0.6)
    before = g.version
    g.add_edge("ana", "bo", 0.3)
    assert (g.edges, g.nodes, g.edge_weight("ana", "bo")) == (1, 2, 0.3)
    assert g.version > before
    assert g.remove_edge("ana", "bo")
    assert not g.remove_edge("ana", "bo")
    assert not g.remove_edge("ana", "nobody")
    assert (g.edges, g.scores("ana")) == (0, {})


def test_random_changes_match_a_dictionary() -> None:
    rng = random.Random(7)
    g = TrustGraph()
    expected: dict[tuple[int, int], float] = {}
    for _ in range(20_000):
        a, b = rng.sample(range(120), 2)
        if rng.random() < 0.35:
            assert g.remove_edge(a, b) == (expected.pop((a, b), None) is not None)
        else:
            weight = float(WEIGHTS[rng.randint(1, FULL)])
            g.add_edge(a, b, weight)
            expected[a, b] = weight
    assert g.edges == len(expected)
    listed: dict[Any, float] = nx.get_edge_attributes(g.to_networkx(), "weight")
    assert listed == pytest.approx(expected)
    for a in range(120):
        assert g.neighbours(a) == pytest.approx({y: w for (x, y), w in expected.items() if x == a})


@pytest.mark.parametrize("size", [100, 50_000])
def test_bulk_is_many_single_ones(size: int) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 300, size), rng.integers(300, 600, size)
    w = rng.random(size) * 0.999 + 0.001
    one, many = TrustGraph(), TrustGraph()
    for x, y, z in zip(a.tolist(), b.tolist(), w.tolist(), strict=True):
        one.add_edge(x, y, z)
    many.add_edges(a[: size // 2], b[: size // 2], w[: size // 2])
    many.add_edges(a[size // 2 :].tolist(), b[size // 2 :].tolist(), w[size // 2 :].tolist())
    assert one.edges == many.edges
    for x in range(300):
        assert one.neighbours(x) == many.neighbours(x)


def test_a_million_parallel_edges_are_one() -> None:
    g = TrustGraph()
    g.add_edges(np.zeros(1_000_000, np.int64), np.ones(1_000_000, np.int64))
    assert g.edges == 1
    assert g.scores(0) == pytest.approx({1: 1 / 7})


def test_blocks_take_out_before_the_walk() -> None:
    g = TrustGraph()
    g.add_edges(["ana", "ana", "bo", "cem"], ["bo", "dee", "cem", "eve"])
    g.block("ana", "cem")
    assert set(g.scores("ana")) == {"bo", "dee"}
    assert g.scores("ana")["bo"] == pytest.approx(g.scores("ana")["dee"])
    assert g.path("ana", "eve") is None
    assert g.distance("ana", "cem") is None
    assert g.independent_ways("ana", ["eve"]) == 0
    assert set(g.scores("bo")) == {"cem", "eve"}
    assert g.blocked("ana") == ["cem"]
    g.unblock("ana", "cem")
    assert set(g.scores("ana")) == {"bo", "dee", "cem", "eve"}


def test_a_block_holds_the_edge_back() -> None:
    g = TrustGraph()
    g.add_edge("ana", "bo", 0.6)
    g.block("ana", "bo")
    g.block("ana", "bo")
    assert (g.edges, g.edge_weight("ana", "bo")) == (0, 0.0)
    g.add_edge("ana", "bo", 1.0)
    g.add_edges(["ana", "ana"], ["bo", "cem"], [0.4, 0.4])
    assert g.neighbours("ana") == {"cem": 0.4}
    g.unblock("ana", "bo")
    assert g.neighbours("ana") == {"bo": 0.4, "cem": 0.4}
    g.block("ana", "bo")
    assert g.remove_edge("ana", "bo")
    g.unblock("ana", "bo")
    assert g.neighbours("ana") == {"cem": 0.4}


def test_a_member_is_forgotten() -> None:
    g = TrustGraph()
    g.add_edges(["ana", "bo", 5], ["bo", "ana", "bo"])
    g.block("ana", 5)
    g.remove_member("bo")
    g.remove_member("bo")
    assert (g.edges, g.nodes, "bo" in g, list(g)) == (0, 2, False, ["ana", 5])
    g.remove_member(5)
    g.add_edge(6, "ana")
    assert g.blocked("ana") == []
    assert g.scores(6) == pytest.approx({"ana": 1 / 7})


@pytest.mark.parametrize("weight", [0, -1, 1.0001, float("nan"), float("inf"), "1", None, True])
def test_bad_weights(weight: Any) -> None:
    g = TrustGraph()
    with pytest.raises(GraphError):
        g.add_edge("ana", "bo", weight)
    with pytest.raises(GraphError):
        g.add_edges(["ana"], ["bo"], ["x" if weight in ("1", True, None) else weight])
    assert g.edges == 0


def test_bad_members() -> None:
    g = TrustGraph()
    for call in (
        lambda: g.add_edge("ana", "ana"),
        lambda: g.block(3, 3),
        lambda: g.add_edges([1, 2], [2, 2]),
        lambda: g.add_edges([1, 2], [2]),
        lambda: g.add_edges([1], [2], [1, 1]),
        lambda: g.add_edge(cast("int", 1.5), 2),
        lambda: g.add_edge(True, 2),
        lambda: g.add_edges([True], [2]),
        lambda: g.reputation([]),
        lambda: g.paths(1, 2, k=0),
    ):
        with pytest.raises(GraphError):
            call()
    assert g.edges == 0


def test_unknown_and_isolated_members() -> None:
    g = TrustGraph()
    assert (g.scores("ana"), g.path("ana", "bo"), g.paths("ana", "bo")) == ({}, None, [])
    assert (g.distance("ana", "bo"), g.independent_ways("ana", ["bo"])) == (None, 0)
    assert (g.edge_weight("ana", "bo"), g.neighbours("ana"), len(g)) == (0.0, {}, 0)
    g.add_member("ana")
    assert (g.scores("ana"), g.path("ana", "ana"), g.distance("ana", "ana")) == ({}, ["ana"], 0)


def test_ids_of_any_size_and_kind() -> None:
    g = TrustGraph()
    ids: list[Id] = [2**31, 2**40, -5, 2**63 - 1, -(2**63), 2**70, "2147483648", "é"]
    for a in ids:
        for b in ids:
            if a != b:
                g.add_edge(a, b)
    assert set(g.scores(2**70)) == set(ids) - {2**70}
    odd: list[Any] = [np.int32(4), np.uint64(2**64 - 1)]
    g.add_edges([2**70, odd[0]], ["x", odd[1]])
    assert g.scores(4) == pytest.approx({2**64 - 1: 1 / 7})


def test_a_circle_is_one_answer() -> None:
    g = TrustGraph()
    g.add_edges(["ana", "bo", "cem", "dee"], ["bo", "cem", "dee", "eve"])
    circle = g.circle("ana", top=2)
    assert (circle.ids, len(circle), "dee" in circle) == (["bo", "cem"], 2, False)
    assert circle.path("cem") == ["ana", "bo", "cem"]
    assert circle.path("eve") == ["ana", "bo", "cem", "dee", "eve"]
    assert circle.paths(["bo", "dee", "nobody"]).keys() == {"bo", "dee"}
    assert (circle.distance("eve"), circle.distance("nobody")) == (4, None)
    assert circle.score("eve") == 0.0
    assert g.score("ana", "eve") > 0


def test_an_edge_is_cheap() -> None:
    rng = np.random.default_rng(2)
    g = TrustGraph()
    g.add_edges(rng.integers(0, 20_000, 200_000), rng.integers(20_000, 40_000, 200_000))
    g.add_edge(1, 2)
    times = []
    for i in range(500):
        began = time.perf_counter()
        g.add_edge(i, 50_000 + i)
        assert 50_000 + i in g.neighbours(i)
        times.append(time.perf_counter() - began)
    assert sorted(times)[400] < 1e-3
