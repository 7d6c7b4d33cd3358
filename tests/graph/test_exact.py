"""The engine against networkx on random and hand-computed graphs."""

import math
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import TrustGraph
from graph.store.weights import FULL, WEIGHTS
from graph.walk.push import DAMPING
from tests.graph.oracles import costed, disjoint_ways, trust_rank

NODES = 9
pairs = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(lambda pair: pair[0] != pair[1])
graphs = st.dictionaries(pairs, st.integers(1, FULL), min_size=1, max_size=40)


def built(edges: dict[tuple[int, int], int], damping: float = DAMPING) -> tuple[TrustGraph, "nx.DiGraph[Any]"]:
    g = TrustGraph(damping=damping)
    expected: nx.DiGraph[Any] = nx.DiGraph()
    for (a, b), code in edges.items():
        weight = float(WEIGHTS[code])
        g.add_edge(a, b, weight)
        expected.add_edge(a, b, weight=weight)
    return g, costed(expected)


@settings(max_examples=200, deadline=None)
@given(graphs, st.sampled_from([0.0, 2.0, 4.0]))
def test_scores_are_networkx_pagerank(edges: dict[tuple[int, int], int], damping: float) -> None:
    g, expected = built(edges, damping)
    for viewer in expected:
        rank = trust_rank(expected, viewer, damping)
        scores = g.scores(viewer)
        assert viewer not in scores
        for who, value in rank.items():
            if who != viewer:
                assert scores.get(who, 0.0) == pytest.approx(value, abs=1e-7)
        assert list(scores.values()) == sorted(scores.values(), reverse=True) or all(
            a >= b - 1e-11 for a, b in pairwise(scores.values())
        )


@settings(max_examples=60, deadline=None)
@given(graphs, st.sampled_from([0.5, 2.0, 4.0]))
def test_damping_changes_standing_too_and_no_way(edges: dict[tuple[int, int], int], damping: float) -> None:
    plain, expected = built(edges, 0.0)
    g, _ = built(edges, damping)
    for home in (min(expected), max(expected)):
        assert g.reputation([home]) == pytest.approx(trust_rank(expected, home, damping), abs=1e-7)
        for target in expected:
            assert g.path(home, target) == plain.path(home, target), "what a way is worth stays w / W"


@settings(max_examples=100, deadline=None)
@given(graphs, st.sets(st.integers(0, NODES - 1), min_size=1, max_size=NODES - 1), st.sampled_from([0.0, 2.0, 4.0]))
def test_whatever_others_do_they_gain_no_more_than_was_given_to_them(
    edges: dict[tuple[int, int], int], fakes: set[int], damping: float
) -> None:
    """For every viewer: mass <= (1 - a) / a * the sum over bought edges of pi(u) * w / (W + c)."""
    g, expected = built(edges, damping)
    out = {a: expected.out_degree(a, weight="weight") + damping for a in expected}
    bought = [(a, w / out[a]) for a, b, w in expected.edges(data="weight") if a not in fakes and b in fakes]
    for viewer in set(expected) - fakes:
        scores = g.scores(viewer)
        scores[viewer] = 1.0 - sum(scores.values())
        mass = sum(value for who, value in scores.items() if who in fakes)
        assert mass <= sum(scores.get(a, 0.0) * share for a, share in bought) + 1e-6


@settings(max_examples=200, deadline=None)
@given(graphs)
def test_ways_are_exact(edges: dict[tuple[int, int], int]) -> None:
    g, expected = built(edges)
    viewer = min(expected)
    costs = nx.single_source_dijkstra_path_length(expected, viewer, weight="cost")
    hops = nx.single_source_shortest_path_length(expected, viewer)
    assert g.distances(viewer, cutoff=NODES) == hops
    paths = g.best_paths(viewer, list(expected))
    assert set(paths) == set(costs)
    for target, path in paths.items():
        assert path[0] == viewer
        assert path[-1] == target
        assert -math.log(g.strength(path)) == pytest.approx(costs[target], abs=1e-9)
        assert g.distance(viewer, target) == hops[target]


@settings(max_examples=300, deadline=None)
@given(graphs, st.sets(st.integers(0, NODES - 1), min_size=1, max_size=5))
def test_independent_ways_are_the_maximum_flow(edges: dict[tuple[int, int], int], wanted: set[int]) -> None:
    g, expected = built(edges)
    viewer = min(expected)
    targets = {t for t in wanted if t in expected and t != viewer}
    for _again in range(2):  # the scratch is left clean
        assert g.independent_ways(viewer, targets) == disjoint_ways(expected, viewer, targets)


@settings(max_examples=60, deadline=None)
@given(graphs, st.integers(1, 4))
def test_k_ways_are_the_strongest(edges: dict[tuple[int, int], int], k: int) -> None:
    g, expected = built(edges)
    viewer, target = min(expected), max(expected)
    found = g.paths(viewer, target, k)
    every = sorted(nx.path_weight(expected, p, "cost") for p in nx.all_simple_paths(expected, viewer, target))
    costs = [-math.log(g.strength(path)) for path in found]
    assert costs == pytest.approx(every[:k], abs=1e-9)


def test_reputation_is_seeded_pagerank() -> None:
    expected = nx.gnp_random_graph(60, 0.06, seed=3, directed=True)
    g = TrustGraph.from_networkx(expected, damping=0.0)
    seeds = {0: 0.5, 5: 0.5}
    rank = nx.pagerank(expected, alpha=0.5, personalization=seeds, dangling=seeds, tol=1e-13)
    assert g.reputation([0, 5]) == pytest.approx(rank, abs=1e-8)


def test_by_hand() -> None:
    g = TrustGraph()
    g.add_edge("ana", "bo")
    g.add_edge("bo", "ana")
    assert g.scores("ana") == pytest.approx({"bo": 1 / 7})  # a full vouch passes on a third: 1 / (1 + 2)
    g.add_edge("ana", "cem")  # a dead end: back to ana
    assert g.scores("ana") == pytest.approx({"bo": 1 / 10, "cem": 1 / 10})
    plain = TrustGraph.from_networkx(g.to_networkx(), damping=0.0)
    assert plain.scores("ana") == pytest.approx({"bo": 1 / 6, "cem": 1 / 6})


def test_a_hub_of_thousands() -> None:
    g = TrustGraph(damping=0.0)
    g.add_edges([0] * 5000, list(range(1, 5001)))
    scores = g.scores(0, top=5000)
    assert len(scores) == 5000
    assert sum(scores.values()) == pytest.approx(1 / 3, rel=1e-6)


def test_hubs_that_know_almost_everybody() -> None:
    g = TrustGraph()
    everybody = range(1, 600)
    for hub in (0, 600, 601):
        g.add_edges([hub] * len(everybody), list(everybody))
    g.add_edges([1, 2], [600, 601])
    assert len(g.scores(0)) == 601


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_dense_graphs_of_any_size_have_an_answer(size: int, seed: int) -> None:
    graph = nx.gnp_random_graph(size, 0.8, seed=seed, directed=True)
    g = TrustGraph.from_networkx(graph)
    rank = trust_rank(graph, 0)
    assert g.scores(0) == pytest.approx({who: rank[who] for who in rank if who and rank[who] > 0}, abs=1e-6)
