"""Every public method with every kind of bad value: a `GraphError`, and nothing is changed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from graph import Circle, GraphError, TrustGraph, ranking
from graph.standing import budget
from graph.store.ties import trade_strength

NAN = float("nan")
NO_ID = [None, 2.5, 2.0, NAN, True, np.True_, np.float64(2), b"ana", [], {}, (1,), {1}, object(), np.array([1]), 1j]
NO_IDS = [
    None,
    7,
    "ana",
    b"ana",
    2.5,
    True,
    [None],
    [1, 2.5],
    [[1]],
    [True],
    np.zeros((2, 2), int),
    np.zeros(2),
    object(),
]
NO_COLUMN = [*NO_IDS, {1}, {1: 2}, iter([1]), [2], [2, 1, 3]]
NO_COUNT = [None, -1, 2.5, 2.0, NAN, "3", b"3", True, [3], np.float64(3), np.array([3]), object()]
NO_WEIGHT = [None, 0, -1, 1.0001, NAN, float("inf"), "1", b"1", True, np.True_, 1j, [0.5], np.array([0.5]), object()]
NO_WEIGHTS = [
    [0.5],
    [0.5, 0],
    [0.5, NAN],
    [0.5, None],
    ["1", "1"],
    "1",
    True,
    [True, True],
    [1j, 1],
    object(),
    [[1, 1]],
]
NO_TIME = [NAN, "x", b"1", True, [1], 1j, datetime(2026, 1, 1, tzinfo=UTC), 10**400, object()]
NO_TEXT = [5, 2.5, True, b"tea", [], {}, object()]
NO_FUNCTION = [5, "x", object()]
NO_FILE = [None, 5, 2.5, [], object()]
NO_PART = [None, 0, -0.5, 1.5, NAN, "x", True, [0.5], object()]
NO_TOLERANCE = [None, 0, -1e-9, NAN, "x", True, object()]
NO_DAMPING = [None, -0.1, NAN, float("inf"), "x", True, [2.0], object()]
NO_GRAPH = [None, 5, "x", [(1, 2)], nx.Graph([((1, 2), 3)]), nx.DiGraph([(1, 1)]), nx.DiGraph([(1, 2.5)]), object()]

# method: the arguments of a call that is fine, and what is bad for each of them.
CALLS: dict[str, tuple[dict[str, Any], dict[str, list[Any]]]] = {
    "add_member": ({"who": 9}, {"who": NO_ID}),
    "remove_member": ({"who": 9}, {"who": NO_ID}),
    "add_edge": (
        {"source": 1, "target": 2, "weight": 0.5, "kind": "vouch", "topic": None, "until": None},
        {
            "source": [*NO_ID, 2],
            "target": [*NO_ID, 1],
            "weight": NO_WEIGHT,
            "kind": [None, *NO_TEXT],
            "topic": NO_TEXT,
            "until": NO_TIME,
        },
    ),
    "add_edges": (
        {"sources": [1, 2], "targets": [3, 4], "weights": [0.5, 0.5], "kind": "vouch"},
        {
            "sources": [*NO_COLUMN, [1, 4]],
            "targets": [*NO_COLUMN, [3, 2], np.array([1, 3])],
            "weights": NO_WEIGHTS,
            "kind": [None, *NO_TEXT],
        },
    ),
    "remove_edge": (
        {"source": 1, "target": 2, "kind": None, "topic": None},
        {"source": NO_ID, "target": NO_ID, "kind": NO_TEXT, "topic": NO_TEXT},
    ),
    "edge_weight": ({"source": 1, "target": 2}, {"source": NO_ID, "target": NO_ID}),
    "neighbours": ({"who": 1}, {"who": NO_ID}),
    "ties": ({"source": 1, "target": 2}, {"source": NO_ID, "target": NO_ID}),
    "block": ({"source": 1, "target": 2}, {"source": [*NO_ID, 2], "target": [*NO_ID, 1]}),
    "unblock": ({"source": 1, "target": 2}, {"source": NO_ID, "target": NO_ID}),
    "report": ({"source": 1, "target": 2}, {"source": [*NO_ID, 2], "target": [*NO_ID, 1]}),
    "withdraw_report": ({"source": 1, "target": 2}, {"source": NO_ID, "target": NO_ID}),
    "blocked": ({"who": 1}, {"who": NO_ID}),
    "scores": ({"viewer": 1, "top": 3, "topic": None}, {"viewer": NO_ID, "top": NO_COUNT, "topic": NO_TEXT}),
    "circle": ({"viewer": 1, "top": 3, "topic": None}, {"viewer": NO_ID, "top": NO_COUNT, "topic": NO_TEXT}),
    "score": ({"viewer": 1, "target": 2}, {"viewer": NO_ID, "target": NO_ID}),
    "reputation": (
        {"seeds": [1], "restart": 0.5, "tolerance": 1e-3, "progress": None},
        {"seeds": [*NO_IDS, [], [77]], "restart": NO_PART, "tolerance": NO_TOLERANCE, "progress": NO_FUNCTION},
    ),
    "certified": (
        {"seeds": [1], "capacities": (3, 1)},
        {"seeds": [*NO_IDS, [], [77]], "capacities": [None, 5, "31", [], [2.5], [0], [-1], [None], [True], [NAN]]},
    ),
    "path": ({"viewer": 1, "target": 3, "masked": ()}, {"viewer": NO_ID, "target": NO_ID, "masked": NO_IDS}),
    "best_paths": (
        {"viewer": 1, "targets": [3], "topic": None, "avoid": ()},
        {"viewer": NO_ID, "targets": NO_IDS, "topic": NO_TEXT, "avoid": NO_IDS},
    ),
    "paths": (
        {"viewer": 1, "target": 3, "k": 2, "masked": ()},
        {"viewer": NO_ID, "target": NO_ID, "k": [0, *NO_COUNT], "masked": NO_IDS},
    ),
    "explain": (
        {"viewer": 1, "endorsers": [3], "masked": ()},
        {"viewer": NO_ID, "endorsers": NO_IDS, "masked": NO_IDS},
    ),
    "strength": ({"path": [1, 2]}, {"path": NO_IDS}),
    "independent_ways": (
        {"viewer": 1, "targets": [3], "cutoff": 3, "avoid": ()},
        {"viewer": NO_ID, "targets": NO_IDS, "cutoff": NO_COUNT, "avoid": NO_IDS},
    ),
    "ways_to_each": (
        {"viewer": 1, "targets": [3], "cutoff": 3, "avoid": ()},
        {"viewer": NO_ID, "targets": NO_IDS, "cutoff": NO_COUNT, "avoid": NO_IDS},
    ),
    "distance": ({"viewer": 1, "target": 3}, {"viewer": NO_ID, "target": NO_ID}),
    "distances": (
        {"viewer": 1, "targets": None, "cutoff": 3, "avoid": ()},
        {
            "viewer": NO_ID,
            "targets": [one for one in NO_IDS if one is not None],
            "cutoff": NO_COUNT,
            "avoid": NO_IDS,
        },
    ),
    "people_to_meet": ({"viewer": 1, "top": 5}, {"viewer": NO_ID, "top": NO_COUNT}),
    "co_trusters": ({"viewer": 1}, {"viewer": NO_ID}),
    "to_networkx": ({}, {}),
    "from_networkx": (
        {"graph": nx.DiGraph(), "weight": "weight", "damping": 4.0},
        {"graph": NO_GRAPH, "weight": [None, *NO_TEXT], "damping": NO_DAMPING},
    ),
    "save": ({"path": "somewhere", "position": 3}, {"path": NO_FILE, "position": NO_COUNT}),
    "load": (
        {"path": "somewhere", "clock": lambda: 0.0, "damping": 2.0},
        {"path": NO_FILE, "clock": [None, *NO_FUNCTION], "damping": NO_DAMPING},
    ),
}
CIRCLE: dict[str, tuple[dict[str, Any], dict[str, list[Any]]]] = {
    "score": ({"who": 2}, {"who": NO_ID}),
    "path": ({"who": 2}, {"who": NO_ID}),
    "paths": ({"targets": [2]}, {"targets": NO_IDS}),
    "distance": ({"who": 2}, {"who": NO_ID}),
}


def some() -> TrustGraph:
    g = TrustGraph(clock=lambda: 0.0)
    g.add_edges([1, 2, 1], [2, 3, 3], [0.6, 1.0, 0.3])
    g.add_edge(2, 1, 0.4, kind="referral", topic="tea", until=9.0)
    g.block(3, 1)
    return g


def state(g: TrustGraph) -> Any:
    listed = list(g)
    return listed, g.edges, [(g.neighbours(a), g.blocked(a), [g.ties(a, b) for b in listed]) for a in listed]


def public(of: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(of, callable) if not name.startswith("_")}


def test_no_method_is_left_out() -> None:
    assert set(CALLS) == public(TrustGraph)
    assert set(CIRCLE) == public(Circle)
    for of, table in ((TrustGraph, CALLS), (Circle, CIRCLE)):
        for name, (good, bad) in table.items():
            taken = set(inspect.signature(getattr(of, name)).parameters) - {"self"}
            assert taken == set(good) == set(bad), name


@pytest.mark.parametrize("name", CALLS)
def test_a_bad_value_is_refused_and_changes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    good, bad = CALLS[name]
    for parameter, values in bad.items():
        for value in values:
            g = some()
            before = state(g)
            with pytest.raises(GraphError):
                getattr(g, name)(**{**good, parameter: value})
                pytest.fail(f"{name}({parameter}={value!r}) was taken")
            assert state(g) == before
    g = some()
    if name != "load":
        getattr(g, name)(**good)


@pytest.mark.parametrize("name", CIRCLE)
def test_a_circle_refuses_too(name: str) -> None:
    good, bad = CIRCLE[name]
    circle = some().circle(1)
    circle.path(2)
    for parameter, values in bad.items():
        for value in values:
            with pytest.raises(GraphError):
                getattr(circle, name)(**{**good, parameter: value})
                pytest.fail(f"{name}({parameter}={value!r}) was taken")
    getattr(circle, name)(**good)


def test_what_cannot_be_an_id_is_in_nothing() -> None:
    g = some()
    for value in NO_ID:
        assert value not in g
        assert value not in g.circle(1)


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint64, np.intp, Number])
def test_every_kind_of_integer_is_the_same_member(kind: Callable[[int], Any]) -> None:
    one = kind(1)
    g: Any = some()
    assert one in g
    assert one in g.circle(2)
    plain = some()
    three: Any = np.int64(3)
    asked: tuple[Callable[[TrustGraph, Any, Any], object], ...] = (
        lambda g, a, b: g.scores(a),
        lambda g, a, b: g.score(a, b),
        lambda g, a, b: g.path(a, b),
        lambda g, a, b: g.paths(a, b, np.int8(2), masked={np.int16(2)}),
        lambda g, a, b: g.best_paths(a, [b]),
        lambda g, a, b: g.distance(a, b),
        lambda g, a, b: g.distances(a, np.array([b])),
        lambda g, a, b: g.independent_ways(a, (b,), np.int32(4)),
        lambda g, a, b: g.ways_to_each(a, (b,), np.int32(4)),
        lambda g, a, b: g.strength([a, b]),
        lambda g, a, b: g.explain(a, {b}),
        lambda g, a, b: g.reputation([a, b]),
        lambda g, a, b: g.edge_weight(a, b),
        lambda g, a, b: g.neighbours(a),
        lambda g, a, b: g.circle(a).path(b),
        lambda g, a, b: g.circle(a).distance(b),
        lambda g, a, b: g.circle(a, np.int64(1)).score(b),
    )
    for ask in asked:
        found = ask(g, one, three)
        assert found == ask(plain, 1, 3)
        assert "np." not in repr(found)
    g.add_edge(one, np.int64(9), np.float32(0.5), until=np.float64(5))
    g.block(one, three)
    g.add_edges([one, "x"], ["x", one], [np.float64(0.5), Fraction(1, 2)])
    assert (g.blocked(1), g.neighbours(1)) == ([3], {2: 0.6, 9: 0.5, "x": 0.5})
    assert g.remove_edge(one, np.int16(9))
    g.remove_member(one)
    assert 1 not in g


def test_numbers_of_other_kinds() -> None:
    g: Any = TrustGraph()
    g.add_edge("a", "b", Decimal("0.3"))
    g.add_edge("a", "c", Fraction(3, 10))
    g.add_edges(("a", np.str_("a")), np.array(["d", "e"]), np.array([0.3, 0.6], np.float16))
    assert g.neighbours("a") == {"b": 0.3, "c": 0.3, "d": 0.3, "e": 0.6}
    assert {type(who) for who in g} == {str}
    g.add_edges([], [])
    assert g.scores("a", top=10**30) == g.scores("a")
    assert g.distances("a", cutoff=10**30) == {"a": 0, "b": 1, "c": 1, "d": 1, "e": 1}
    assert g.independent_ways("a", ["b"], cutoff=10**30) == 1


NO_NUMBER = [None, NAN, "x", b"1", True, [1], 1j, object()]
LIKES = ([1, 1, 2], [10, 11, 10])
BESIDE: list[tuple[Callable[..., Any], dict[str, Any], dict[str, list[Any]]]] = [
    (trade_strength, {"orders": 3}, {"orders": [0, *NO_COUNT]}),
    (budget, {"standing": 0.1, "members": 5}, {"standing": NO_NUMBER, "members": NO_COUNT}),
    (TrustGraph, {"clock": float, "damping": 2}, {"clock": [None, *NO_FUNCTION], "damping": NO_DAMPING}),
    (ranking.mixture_for, {"likes": 3}, {"likes": NO_COUNT}),
    (ranking.freshness, {"age_days": 3}, {"age_days": NO_NUMBER}),
    (
        ranking.endorsement_rank,
        {"trust": 0.5, "stance": "avoid", "age_days": 3, "disclosure": "none"},
        {
            "trust": [-0.1, *NO_NUMBER],
            "stance": [None, "x", *NO_TEXT],
            "age_days": NO_NUMBER,
            "disclosure": [None, "x", *NO_TEXT],
        },
    ),
    (ranking.hearing, {"standing": {1: 0.5}, "share": 0.9}, {"standing": [None, 5, [1], {1: "x"}], "share": NO_PART}),
    (
        ranking.TasteModel,
        {"members": LIKES[0], "items": LIKES[1], "values": None, "times": [1, 2, 3], "heard": None, "now": None},
        {
            "members": [*NO_IDS, ["a", "b", "c"], [1.0, 1.0, 2.0], [1], [1, 1, 2**70]],
            "items": [*NO_IDS, ["a", "b", "c"], [1.0, 1.0, 2.0], [1]],
            "values": ["x", [1, 2], [1, NAN, 1], [None] * 3, object()],
            "times": ["x", [1, 2], [1, NAN, 1], [None] * 3, object()],
            "heard": [5, "x", object(), {1: "x"}, [2.5]],
            "now": [NAN, "x", True, [1], object()],
        },
    ),
    (
        ranking.TasteModel(*LIKES).recommend,
        {"viewer_items": [10], "trusted_scores": {1: 0.5}, "top": 5, "seen": (), "mixture": None},
        {
            "viewer_items": [*NO_IDS, ["a"]],
            "trusted_scores": [None, 5, [1], {1: "x"}],
            "top": NO_COUNT,
            "seen": [*NO_IDS, ["a"]],
            "mixture": [5, (1, 0, 0), "x"],
        },
    ),
]


@pytest.mark.parametrize(("function", "good", "bad"), BESIDE, ids=[one[0].__name__ for one in BESIDE])
def test_functions_beside_the_graph_refuse_too(
    function: Callable[..., Any], good: dict[str, Any], bad: dict[str, list[Any]]
) -> None:
    function(**good)
    for parameter, values in bad.items():
        for value in values:
            with pytest.raises(GraphError):
                function(**{**good, parameter: value})
                pytest.fail(f"{parameter}={value!r} was taken")
    assert set(bad) <= set(inspect.signature(function).parameters)
