"""The same question asked of other libraries, each in its own best way known to us.

A trap: networkx and rustworkx stop when the error is below N times `tol`, so
they are given `tol` / N; otherwise they stop after a step or two.
"""

import importlib
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ask = Callable[[int], Floats]
TOLERANCE = 1e-6


class Absent(Exception):
    """The library is not installed."""


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Absent(f"{name} is not installed") from None


def scipy_power(nodes: int, sources: Any, targets: Any, weights: Any) -> Ask:
    """Power iteration on a sparse matrix."""
    out = np.bincount(sources, weights, nodes)
    walk: Any = sparse.csr_matrix((weights / out[sources], (targets, sources)), shape=(nodes, nodes))
    dead = out == 0

    def ask(viewer: int) -> Floats:
        rank: Floats = np.zeros(nodes)
        rank[viewer] = 1.0
        while True:
            after: Floats = 0.5 * (walk @ rank)
            after[viewer] += 0.5 + 0.5 * rank[dead].sum()
            if np.abs(after - rank).sum() < TOLERANCE:
                return after
            rank = after

    return ask


def networkx_pagerank(nodes: int, sources: Any, targets: Any, weights: Any) -> Ask:
    """networkx' own function."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from(zip(sources.tolist(), targets.tolist(), weights.tolist(), strict=True))

    def ask(viewer: int) -> Floats:
        rank = nx.pagerank(graph, alpha=0.5, personalization={viewer: 1}, tol=TOLERANCE / nodes)
        return np.fromiter(rank.values(), np.float64, nodes)

    return ask


def igraph_prpack(nodes: int, sources: Any, targets: Any, weights: Any) -> Ask:
    """igraph with PRPACK."""
    igraph = _module("igraph")
    graph = igraph.Graph(n=nodes, edges=np.column_stack((sources, targets)), directed=True)
    given = weights.tolist()

    def ask(viewer: int) -> Floats:
        rank = graph.personalized_pagerank(damping=0.5, reset_vertices=[viewer], weights=given)
        return np.array(rank)

    return ask


def scikit_network(nodes: int, sources: Any, targets: Any, weights: Any) -> Ask:
    """scikit-network's PageRank."""
    ranking = _module("sknetwork.ranking")
    matrix: Any = sparse.csr_matrix((weights, (sources, targets)), shape=(nodes, nodes))
    engine = ranking.PageRank(damping_factor=0.5, tol=TOLERANCE, n_iter=100)

    def ask(viewer: int) -> Floats:
        return np.asarray(engine.fit_predict(matrix, weights={viewer: 1}), np.float64)

    return ask


def rustworkx_pagerank(nodes: int, sources: Any, targets: Any, weights: Any) -> Ask:
    """rustworkx' PageRank."""
    rustworkx = _module("rustworkx")
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(list(zip(sources.tolist(), targets.tolist(), weights.tolist(), strict=True)))

    def ask(viewer: int) -> Floats:
        rank = rustworkx.pagerank(
            graph, alpha=0.5, weight_fn=float, personalization={viewer: 1.0}, tol=TOLERANCE / nodes
        )
        return np.array([rank[node] for node in range(nodes)])

    return ask


# name: (how to build it, how many viewers, the largest number of edges it is given)
RIVALS: dict[str, tuple[Callable[..., Ask], int, int]] = {
    "scipy": (scipy_power, 5, 10**9),
    "igraph": (igraph_prpack, 3, 10**9),
    "scikit-network": (scikit_network, 3, 10**9),
    "rustworkx": (rustworkx_pagerank, 2, 1_000_000),
    "networkx": (networkx_pagerank, 2, 1_000_000),
}
