"""networkx as public language, in both directions."""

from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import GraphError, TrustGraph
from graph.nx_backend import convert_from_nx, pagerank

weights = st.floats(1e-6, 1e6)
pairs = st.tuples(st.integers(0, 7), st.integers(0, 7))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(pairs, weights, min_size=1), st.booleans(), st.sampled_from([0.1, 0.5, 0.85]))
def test_the_backend_agrees_with_networkx(edges: dict[tuple[int, int], float], directed: bool, alpha: float) -> None:
    graph: Any = nx.DiGraph() if directed else nx.Graph()
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in edges.items())
    first = next(iter(graph))
    choices: list[dict[str, Any]] = [{}, {"personalization": {first: 1}}, {"dangling": {first: 2}}]
    for options in choices:
        ours = pagerank(convert_from_nx(graph, edge_attrs={"weight": 1}), alpha, **options)
        theirs = nx.pagerank(graph, alpha, tol=1e-12, max_iter=1000, **options)
        assert ours == pytest.approx(theirs, abs=1e-6)


def test_the_backend_by_its_name() -> None:
    graph = nx.gnp_random_graph(50, 0.1, seed=1, directed=True)
    ours = nx.pagerank(graph, alpha=0.5, personalization={3: 1}, backend="kinmarket")
    assert ours == pytest.approx(nx.pagerank(graph, alpha=0.5, personalization={3: 1}), abs=1e-6)


KINDS: list[Any] = [nx.DiGraph, nx.Graph, nx.MultiDiGraph, nx.MultiGraph]
shares = st.one_of(st.just(0.0), st.floats(1e-3, 10))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), weights), min_size=1, max_size=40),
    st.lists(shares, min_size=12, max_size=12),
    st.sampled_from(["weight", None]),
    st.sampled_from([0.5, 0.85]),
)
def test_every_kind_of_graph_with_a_home_of_any_shares(
    kind: Any, edges: list[tuple[int, int, float]], home: list[float], weight: str | None, alpha: float
) -> None:
    graph = kind()
    graph.add_nodes_from(range(12))  # some have no edges, some no way out
    graph.add_weighted_edges_from(edges)
    options: dict[str, Any] = {"weight": weight}
    if any(home):
        options["personalization"] = dict(enumerate(home))
    ours = nx.pagerank(graph, alpha=alpha, backend="kinmarket", **options)
    theirs = nx.pagerank(graph, alpha=alpha, tol=1e-13, max_iter=1000, **options)
    assert ours == pytest.approx(theirs, abs=1e-6)
    assert sum(ours.values()) == pytest.approx(1.0)


def test_by_hand() -> None:
    # a -> b with 3 parts, a -> c with 1; both lead back. Restart 1/2 at a: a = 1/2 + (b + c) / 2.
    graph: Any = nx.DiGraph()
    graph.add_weighted_edges_from([("a", "b", 3.0), ("a", "c", 1.0), ("b", "a", 7.0), ("c", "a", 0.1)])
    found = nx.pagerank(graph, alpha=0.5, personalization={"a": 1, "b": 0}, backend="kinmarket")
    assert found == pytest.approx({"a": 2 / 3, "b": 1 / 4, "c": 1 / 12})
    # A dead end gives back what it holds, here to a: a = 1/2 + b / 2, b = a / 2.
    graph = nx.DiGraph([("a", "b")])
    found = nx.pagerank(graph, alpha=0.5, personalization={"a": 5}, backend="kinmarket")
    assert found == pytest.approx({"a": 2 / 3, "b": 1 / 3})
    # Two parallel edges count twice.
    parallel: Any = nx.MultiDiGraph([("a", "b"), ("a", "b"), ("a", "c")])
    shared: Any = nx.pagerank(parallel, alpha=0.5, personalization={"a": 1}, weight=None, backend="kinmarket")
    assert shared["b"] == pytest.approx(2 * shared["c"])


def test_weights_that_are_no_numbers_fail_as_they_do_in_networkx() -> None:
    graph: Any = nx.DiGraph()
    graph.add_weighted_edges_from([(0, 1, float("nan")), (1, 0, 1.0)])
    backends: tuple[Any, ...] = (None, "kinmarket")
    for backend in backends:
        with pytest.raises(nx.PowerIterationFailedConvergence):
            nx.pagerank(graph, backend=backend)


def test_errors_are_networkx_own() -> None:
    graph = convert_from_nx(nx.path_graph(5, create_using=nx.DiGraph))
    with pytest.raises(nx.PowerIterationFailedConvergence):
        pagerank(graph, max_iter=1)
    with pytest.raises(ZeroDivisionError):
        pagerank(graph, personalization={"nobody": 1})
    assert pagerank(convert_from_nx(nx.DiGraph())) == {}


def test_there_and_back() -> None:
    graph = nx.gnp_random_graph(30, 0.2, seed=4, directed=True)
    nx.set_edge_attributes(graph, {edge: (i % 9 + 1) / 100 for i, edge in enumerate(graph.edges)}, "weight")
    graph.add_node("alone")
    again = TrustGraph.from_networkx(graph).to_networkx()
    assert set(again) == set(graph)
    assert nx.get_edge_attributes(again, "weight") == pytest.approx(nx.get_edge_attributes(graph, "weight"))


def test_undirected_and_unweighted() -> None:
    g = TrustGraph.from_networkx(nx.path_graph(3))
    assert (g.edges, g.edge_weight(1, 0), g.edge_weight(0, 1)) == (4, 1.0, 1.0)
    with pytest.raises(GraphError):
        TrustGraph.from_networkx(nx.Graph([(1, 1)]))
