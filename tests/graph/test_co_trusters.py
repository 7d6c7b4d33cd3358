"""What co-trusters recommend: heard only where it is asked for, and never a fake among them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import GraphError, TrustGraph
from graph.ranking import CO_TRUSTERS, TasteModel

HONEST, FAKES, ITEMS = 9, 5, 7
honest = st.integers(0, HONEST - 1)
fakes = st.integers(HONEST, HONEST + FAKES - 1)
items = st.integers(0, ITEMS - 1)
trust = st.sets(st.tuples(honest, honest).filter(lambda pair: pair[0] != pair[1]), min_size=3, max_size=30)
likes = st.sets(st.tuples(honest, items), min_size=3, max_size=25)
among_fakes = st.sets(st.tuples(fakes, fakes).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=12)
flattery = st.sets(st.tuples(fakes, honest), max_size=20)
pushed = st.sets(st.tuples(fakes, items), min_size=1, max_size=15)


def built(edges: set[tuple[int, int]]) -> TrustGraph:
    g = TrustGraph()
    sources, targets = zip(*sorted(edges), strict=True)
    g.add_edges(sources, targets)
    return g


def suggested(g: TrustGraph, said: set[tuple[int, int]], viewer: int) -> dict[int, float]:
    who, what = zip(*sorted(said), strict=True)
    model = TasteModel(who, what, heard=range(HONEST))
    found = model.recommend([], g.scores(viewer), co_trusters=g.co_trusters(viewer))
    return {one.item: one.score for one in found}


@settings(max_examples=80, deadline=None)
@given(trust, likes, among_fakes, flattery, pushed)
def test_fakes_whom_no_member_trusts_add_nothing(
    edges: set[tuple[int, int]],
    said: set[tuple[int, int]],
    inside: set[tuple[int, int]],
    praise: set[tuple[int, int]],
    push: set[tuple[int, int]],
) -> None:
    """They trust among themselves and copy whom others trust: no co-truster is a fake, no score moves."""
    before, after = built(edges), built(edges | inside | praise)
    for viewer in range(HONEST):
        assert all(int(who) < HONEST for who in after.co_trusters(viewer))
        expected = suggested(before, said, viewer)
        assert suggested(after, said | push, viewer) == pytest.approx(expected, abs=1e-6)


def community() -> tuple[TrustGraph, TasteModel]:
    """0 trusts 1; 2 does so too and is within reach, 3 is within reach and trusts nobody whom 0 trusts."""
    g = TrustGraph()
    g.add_edges([0, 1, 1, 2, 3], [1, 2, 3, 1, 2])
    return g, TasteModel([1, 2, 3], [10, 20, 30])


def test_a_co_truster_counts_three_tenths_beside_the_circle() -> None:
    g, model = community()
    circle = g.scores(0)
    alone = {one.item: one.score for one in model.recommend([], circle)}
    both = {one.item: one.score for one in model.recommend([], circle, co_trusters=g.co_trusters(0))}
    assert set(g.co_trusters(0)) == {2}
    assert {item: both[item] - alone[item] for item in alone} == pytest.approx({10: 0.0, 20: CO_TRUSTERS, 30: 0.0})


def test_who_has_said_something_hears_none() -> None:
    g, model = community()
    assert model.recommend([10], g.scores(0), co_trusters=g.co_trusters(0)) == model.recommend([10], g.scores(0))


def test_warnings_of_co_trusters_take_nothing_off() -> None:
    g, _ = community()
    model = TasteModel([1, 2], [10, 20], [1.0, -1.0])
    assert np.array_equal(model.said_by(g.co_trusters(0)), [0.0, 0.0])


def test_co_trusters_are_a_mapping() -> None:
    _, model = community()
    with pytest.raises(GraphError):
        model.recommend([], {}, co_trusters=[2])  # type: ignore[arg-type]
