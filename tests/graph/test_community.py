"""Standing and rings: what the whole community says."""

from typing import Any

import networkx as nx
import numpy as np
import pytest

from graph import GraphError, TrustGraph
from graph.bench.synthetic import heavy_tailed
from graph.rings import find
from graph.standing import budget


def test_certification_stops_at_capacity() -> None:
    g = TrustGraph()
    g.add_edges(["seed"] * 3, ["ana", "bo", "cem"])
    g.add_edges(["cem"] * 50, [f"fake{i}" for i in range(50)])
    g.add_edge("stranger", "seed")
    marked = g.certified(["seed"], capacities=(10, 3, 1))
    assert {"seed", "ana", "bo", "cem"} <= marked
    assert len([who for who in marked if str(who).startswith("fake")]) == 2  # cem keeps one of three
    assert "stranger" not in marked
    with pytest.raises(GraphError):
        g.certified(["nobody"])


def test_more_fakes_certify_no_more() -> None:
    rng = np.random.default_rng(3)
    counts = []
    for fakes in (100, 1000):
        g = TrustGraph()
        a, b = np.random.default_rng(1).integers(0, 500, (2, 4000))
        g.add_edges(a[a != b], b[a != b])
        names = np.arange(1000, 1000 + fakes)
        g.add_edges(rng.choice(names, 5000), np.full(5000, 5))
        ring = rng.integers(0, fakes, (2, 8 * fakes))
        ring = ring[:, ring[0] != ring[1]]
        g.add_edges(names[ring[0]], names[ring[1]])
        g.add_edges([9, 10, 11], names[:3])
        marked = g.certified([0, 1, 2])
        assert sum(int(who) < 500 for who in marked) > 250
        counts.append(sum(int(who) >= 1000 for who in marked))
    assert counts[1] <= max(60, 1.5 * counts[0])


def test_a_budget_grows_with_standing() -> None:
    few, many = budget(0.0, 10_000), budget(0.01, 10_000)
    assert (few.acquainted, few.trust, few.trust_fully) == (10, 5, 2)
    assert many.trust_fully > few.trust_fully


def test_a_planted_ring_is_found_and_a_community_is_not() -> None:
    graph = nx.gnp_random_graph(300, 0.03, seed=2, directed=True)
    nx.set_edge_attributes(graph, dict.fromkeys(graph.edges, 0.6), "weight")
    ring = range(1000, 1008)
    graph.add_edges_from(((a, b) for a in ring for b in ring if a != b), weight=1.0)
    graph.add_edge(4, 1000, weight=0.3)
    found = find(
        TrustGraph.from_networkx(graph).to_networkx(),
        joined={who: 60.0 * who for who in ring},
        endorsed={who: {"pill", "cream"} for who in ring},
    )
    assert [one.members for one in found] == [tuple(ring)]
    one = found[0]
    assert (one.density, one.alike, one.joined_within) == (1.0, 1.0, 420.0)
    assert one.closed > 0.9
    assert one.suspicion > 0.9
    assert 4 in one.graph
    assert find(nx.DiGraph()) == []


def test_planted_rings_are_found_among_thousands_and_little_else() -> None:
    rng = np.random.default_rng(7)
    graph: nx.DiGraph[Any] = nx.DiGraph()
    sources, targets, weights = heavy_tailed(3000, 15_000, seed=7)
    graph.add_weighted_edges_from(zip(sources.tolist(), targets.tolist(), weights.tolist(), strict=True))
    edges = list(graph.edges)
    answered = rng.permutation(len(edges))[: len(edges) // 3]  # a third of all trust is returned
    graph.add_edges_from(((edges[at][1], edges[at][0]) for at in answered), weight=0.6)
    joined = {who: float(rng.uniform(0, 3e8)) for who in graph}
    endorsed = {who: set(rng.integers(0, 500, 5).tolist()) for who in graph}
    honest, planted = list(graph), []
    for number, size in enumerate((7, 8, 9, 10, 12)):
        ring = set(range(10_000 + 100 * number, 10_000 + 100 * number + size))
        planted.append(ring)
        founded = float(rng.uniform(0, 3e8))
        for one in ring:
            joined[one] = founded + float(rng.uniform(0, 5 * 86_400))
            endorsed[one] = {900 + number, 950 + number, *rng.integers(0, 500, 2).tolist()}
            graph.add_edges_from(((one, other) for other in ring if other != one and rng.random() < 0.85), weight=1.0)
            graph.add_edges_from(((one, int(star)) for star in rng.choice(honest, 3)), weight=0.6)
        graph.add_edges_from(((int(dupe), min(ring)) for dupe in rng.choice(honest, 2)), weight=0.6)
    found = find(graph, joined, endorsed)
    right = [it for it in found if any(len(set(it.members) & ring) >= 0.8 * len(ring) for ring in planted)]
    assert len(right) == len(planted)  # recall
    assert len(found) <= len(right) + 1  # precision
    assert found[: len(right)] == right  # and they come first
    for it in right:
        assert it.joined_within is not None
        assert it.joined_within < 6 * 86_400
        assert set(it.members) <= set(it.graph)
