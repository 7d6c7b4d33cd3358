"""Why a viewer knows somebody: further ways, masked links, and sets of endorsers."""

import math
import time
from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import TrustGraph
from graph.paths.explaining import mask
from graph.store.weights import FULL, WEIGHTS

pairs = st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1])
graphs = st.dictionaries(pairs, st.integers(1, FULL), min_size=1, max_size=40)


def built(edges: dict[tuple[int, int], int]) -> TrustGraph:
    g = TrustGraph()
    for (a, b), code in edges.items():
        g.add_edge(a, b, float(WEIGHTS[code]))
    return g


@settings(max_examples=80, deadline=None)
@given(graphs, st.integers(1, 10), st.sets(st.integers(0, 8)))
def test_masked_members_are_in_no_path(edges: dict[tuple[int, int], int], k: int, hidden: set[int]) -> None:
    g = built(edges)
    viewer, target = min(g), max(g)
    named, masked = g.paths(viewer, target, k), g.paths(viewer, target, k, masked=hidden)
    assert masked == [mask(way, hidden) for way in named]
    for way in masked:
        assert not hidden.intersection(way[1:-1])
        assert (way[0], way[-1]) == (viewer, target)
    assert g.path(viewer, target, masked=hidden) == (masked[0] if masked else None)


@settings(max_examples=80, deadline=None)
@given(graphs, st.integers(1, 10))
def test_further_ways_are_different_and_fall_in_strength(edges: dict[tuple[int, int], int], k: int) -> None:
    g = built(edges)
    ways = g.paths(min(g), max(g), k)
    strengths = [g.strength(way) for way in ways]
    assert all(a >= b - 1e-12 for a, b in pairwise(strengths))
    assert len({tuple(way) for way in ways}) == len(ways) <= k
    assert all(len(set(way)) == len(way) for way in ways)


@settings(max_examples=80, deadline=None)
@given(graphs, st.sets(st.integers(0, 9), min_size=1, max_size=6))
def test_a_set_of_endorsers_in_one_call(edges: dict[tuple[int, int], int], endorsers: set[int]) -> None:
    g = built(edges)
    viewer = min(g)
    known = g.explain(viewer, endorsers)
    reached = nx.descendants(g.to_networkx(), viewer) & endorsers
    assert set(known.people) == reached
    assert list(known.scores) == sorted(known.scores, reverse=True)
    assert known.independent_ways == g.independent_ways(viewer, reached)
    for who, way, score in zip(known.people, known.paths, known.scores, strict=True):
        assert way == g.path(viewer, who)
        assert math.isclose(score, g.score(viewer, who), abs_tol=1e-9)


def test_in_words() -> None:
    g = TrustGraph()
    g.add_edges(["ana", *["bo"] * 3], ["bo", "cem", "dee", "eve"])
    assert str(g.explain("ana", ["cem", "dee", "eve", "ana"])) == "3 people, 1 independent way"
    assert str(g.explain("ana", ["bo"])) == "1 person, 1 independent way"
    assert str(g.explain("nobody", ["bo"])) == "0 people, 0 independent ways"
    assert str(g.explain("cem", ["ana"])) == "0 people, 0 independent ways"


def test_the_ends_of_a_way_are_named() -> None:
    assert mask([1, 2, 3], {1, 2, 3}) == [1, None, 3]
    assert mask([1, 3], {1, 3}) == [1, 3]


def test_further_ways_around_hubs_take_milliseconds() -> None:
    rng = np.random.default_rng(5)
    popular = (20_000 * rng.random(200_000) ** 3).astype(int)
    givers = rng.integers(0, 20_000, 200_000)
    g = TrustGraph()
    fine = givers != popular
    g.add_edges(givers[fine], popular[fine])
    asked = [(viewer, g.circle(viewer, 60).ids[-1]) for viewer in range(0, 2000, 100)]
    g.paths(asked[0][0], asked[0][1], 10)
    began = time.thread_time()
    for viewer, target in asked:
        assert g.paths(viewer, target, 10)
    assert (time.thread_time() - began) / len(asked) < 0.05
