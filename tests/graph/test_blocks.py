"""Whatever is asked by a viewer who has blocked somebody is asked of the graph without them."""

import math
import random
from itertools import combinations
from typing import Any

import networkx as nx
import pytest

from graph import TrustGraph
from graph.store.weights import FULL, WEIGHTS
from tests.graph.oracles import costed, disjoint_ways, trust_rank

VIEWER = 0


def drawn(seed: int) -> tuple[TrustGraph, "nx.DiGraph[Any]"]:
    """A small graph with blocks, and what of it the viewer sees."""
    rng = random.Random(seed)
    members = range(rng.randint(3, 6))
    g = TrustGraph()
    seen: nx.DiGraph[Any] = nx.DiGraph()
    for who in members:
        g.add_member(who)
    seen.add_nodes_from(members)
    dense, often = rng.choice([0.3, 0.6, 0.9]), rng.choice([0.1, 0.3])
    for a in members:
        for b in members:
            if a == b:
                continue
            blocked = rng.random() < often
            if blocked:
                g.block(a, b)
            if rng.random() < dense:
                weight = float(WEIGHTS[rng.randint(1, FULL)])
                g.add_edge(a, b, weight)
                if not blocked:
                    seen.add_edge(a, b, weight=weight)
    seen.remove_nodes_from(g.blocked(VIEWER))
    return g, costed(seen)


@pytest.mark.parametrize("first", range(0, 600, 60))
def test_ways_are_those_of_the_graph_without_them(first: int) -> None:
    for seed in range(first, first + 60):
        g, seen = drawn(seed)
        for target in range(1, g.nodes):
            found = g.paths(VIEWER, target, 10)
            every = list(nx.all_simple_paths(seen, VIEWER, target)) if target in seen else []
            costs = sorted(nx.path_weight(seen, way, "cost") for way in every)
            assert [-math.log(g.strength(way)) for way in found] == pytest.approx(costs[:10], abs=1e-9)
            assert {tuple(way) for way in found} <= {tuple(way) for way in every}
            assert (found[0] if found else None) == g.path(VIEWER, target)


@pytest.mark.parametrize("first", range(0, 240, 60))
def test_independent_ways_are_the_maximum_flow_without_them(first: int) -> None:
    for seed in range(first, first + 60):
        g, seen = drawn(seed)
        others = range(1, g.nodes)
        each = {one: disjoint_ways(seen, VIEWER, {one} & set(seen)) for one in others}
        assert g.ways_to_each(VIEWER, [*others, VIEWER, "nobody"]) == {**each, VIEWER: 0, "nobody": 0}
        assert g.ways_to_each(VIEWER, others, cutoff=1) == {one: min(1, ways) for one, ways in each.items()}
        for size in range(1, 4):
            for targets in combinations(range(1, g.nodes), size):
                expected = disjoint_ways(seen, VIEWER, {one for one in targets if one in seen})
                assert g.independent_ways(VIEWER, targets) == expected


@pytest.mark.parametrize("seed", range(60))
def test_scores_and_distances_are_those_of_the_graph_without_them(seed: int) -> None:
    g, seen = drawn(seed)
    rank = trust_rank(seen, VIEWER)
    scores = g.scores(VIEWER)
    assert [scores.get(who, 0.0) for who in rank if who] == pytest.approx([rank[who] for who in rank if who], abs=2e-6)
    assert scores.keys() <= rank.keys()
    assert g.distances(VIEWER) == nx.single_source_shortest_path_length(seen, VIEWER)
    explained = g.explain(VIEWER, range(g.nodes))
    assert set(explained.people) == nx.descendants(seen, VIEWER)


def test_a_blocked_target_takes_no_way_from_the_other() -> None:
    g = TrustGraph()
    g.add_edges(["v", "v", "x", "y"], ["x", "y", "a", "a"])
    g.add_member("b")
    assert g.independent_ways("v", ["a"]) == 2
    g.block("v", "b")
    assert g.independent_ways("v", ["a", "b"]) == g.independent_ways("v", ["a", "nobody", "a", "v"]) == 2


def test_the_strength_of_a_way_is_as_its_first_member_sees_it() -> None:
    g = TrustGraph()
    g.add_edges(["v", "a", "a"], ["a", "b", "c"], [1.0, 0.2, 0.6])
    assert g.strength(["v", "a", "b"]) == pytest.approx(0.25)
    g.block("v", "c")
    assert g.strength(["v", "a", "b"]) == pytest.approx(1.0)
    assert g.strength(["v", "a", "c"]) == g.strength([]) == g.strength(["v", "nobody"]) == 0.0
    assert g.strength(["a", "b"]) == pytest.approx(0.25)
