"""People to meet: who is listed, in which order, and what fakes can do about it."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import TrustGraph
from graph.walk import meeting

NODES = 9
pairs = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(lambda pair: pair[0] != pair[1])
graphs = st.sets(pairs, min_size=1, max_size=40)


def built(edges: set[tuple[int, int]]) -> TrustGraph:
    g = TrustGraph()
    sources, targets = zip(*sorted(edges), strict=True)
    g.add_edges(sources, targets)
    return g


def plainly(edges: set[tuple[int, int]], scores: dict[Any, float], viewer: int, *, dense: bool) -> dict[int, float]:
    """The same four signs in dictionaries."""
    out = {a: {y for x, y in edges if x == a} for a in range(NODES)}
    new = {one for edge in edges for one in edge} - out[viewer] - {viewer}
    best = max(scores.values(), default=1.0)

    def share(found: dict[int, float]) -> dict[int, float]:
        top = max((found.get(one, 0.0) for one in new), default=0.0)
        return {one: found.get(one, 0.0) / top if top > 0 else 0.0 for one in new}

    hops: dict[int, float] = {}
    alike: dict[int, float] = {}
    for who, score in scores.items():
        like = len(out[who] & out[viewer]) / math.sqrt(max(1, len(out[who])) * max(1, len(out[viewer])))
        for target in out[who]:
            alike[target] = alike.get(target, 0.0) + like * math.sqrt(score / best)
            if who in out[viewer]:
                trusted = sum(who == b for _, b in edges)
                hops[target] = hops.get(target, 0.0) + 1 / math.log(2 + trusted)
    walk, near = share(dict(scores)), share(hops)
    gate = share({who: math.sqrt(score) for who, score in scores.items()})
    total = {one: walk[one] + near[one] for one in new}
    if dense:
        total = {
            one: value + min(1.0, alike.get(one, 0.0)) + 3 * gate[one] * (viewer in out[one])
            for one, value in total.items()
        }
    return {one: value for one, value in total.items() if value > 0}


@settings(max_examples=60, deadline=None)
@given(graphs, st.booleans())
def test_the_four_signs(edges: set[tuple[int, int]], dense: bool) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(meeting, "DENSE", 0.0 if dense else math.inf)
    try:
        g = built(edges)
        for viewer in g:
            found = g.people_to_meet(viewer)
            expected = plainly(edges, g.scores(viewer), int(viewer), dense=dense)
            assert {one.member: one.score for one in found} == pytest.approx(expected)
            assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
            assert all(
                one.vouches == ((one.member, viewer) in edges and one.member in g.scores(viewer)) for one in found
            )
            assert g.people_to_meet(viewer, 2) == found[:2]
            out = set(g.neighbours(viewer))
            assert g.co_trusters(viewer).keys() == {w for w in g.scores(viewer) if out & set(g.neighbours(w))}
    finally:
        patch.undo()


@pytest.mark.parametrize("dense", [True, False])
def test_nobody_gets_in_by_vouching_and_copying(dense: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fakes who vouch for the viewer and for all whom the viewer trusts are listed nowhere, and push nobody."""
    monkeypatch.setattr(meeting, "DENSE", 0.0 if dense else math.inf)
    rng = np.random.default_rng(4)
    edges = {(int(a), int(b)) for a, b in rng.integers(0, 60, (500, 2)) if a != b}
    g = built(edges)
    before = {viewer: g.people_to_meet(viewer, 60) for viewer in range(60)}
    for fake in range(1000, 1040):
        g.add_edges([fake] * 60, range(60))
        g.add_edge(fake, 2000)
    for viewer in range(60):
        after = g.people_to_meet(viewer, 60)
        assert not [one for one in after if int(one.member) >= 1000]
        if not dense:  # whom many trust weighs less in two hops: so scores move a little, for everybody alike
            assert {one.member for one in after} == {one.member for one in before[viewer]}
    for viewer in range(60):
        assert all(int(who) < 1000 for who in g.co_trusters(viewer))


def test_a_fake_with_one_bought_vouch_does_not_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "DENSE", 0.0)
    g = TrustGraph()
    g.add_edges([0, 0, 1, 2, 1, 2, 3], [1, 2, 3, 3, 4, 4, 5])
    g.add_edges([5, 900, 900, 900], [900, 0, 1, 2], [0.3, 1, 1, 1])
    found = [one.member for one in g.people_to_meet(0)]
    assert found.index(900) > max(found.index(3), found.index(4))


def test_whom_the_viewer_wants_nothing_of_is_not_met() -> None:
    g = TrustGraph()
    g.add_edges(["ana", "ana", "bo", "cem", "bo", "bo"], ["bo", "cem", "dee", "dee", "eve", "fay"])
    g.block("ana", "dee")
    g.report("bo", "eve")
    assert [one.member for one in g.people_to_meet("ana")] == ["fay"]
    assert g.people_to_meet("nobody") == g.people_to_meet("ana", 0) == []
    assert g.co_trusters("nobody") == {}
