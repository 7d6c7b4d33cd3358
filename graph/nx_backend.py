"""The engine behind networkx' own functions: `nx.pagerank(G, backend="kinmarket")`.

networkx gives any float weights, so this path keeps them as floats instead of
the store's bytes; the walk over the edges is compiled all the same.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled

Floats = NDArray[np.float64]
Offsets = NDArray[np.int64]
BACKEND = "kinmarket"
EXACT = 1e-14
MAX_STEPS = 10_000


@compiled
def sweep(begin: Offsets, targets: Offsets, shares: Floats, rank: Floats, after: Floats) -> float:
    """One step of the walk along all edges; what dead ends hold is returned."""
    lost = 0.0
    for source in range(begin.shape[0] - 1):
        if begin[source] == begin[source + 1]:
            lost += rank[source]
            continue
        for at in range(begin[source], begin[source + 1]):
            after[targets[at]] += rank[source] * shares[at]
    return lost


class FloatGraph:
    """A networkx graph as arrays, with its weights as they are."""

    __networkx_backend__ = BACKEND

    def __init__(self, graph: nx.Graph[Any], weight: str | None) -> None:
        self.nodes = list(graph)
        self.directed = graph.is_directed()
        self.multi = graph.is_multigraph()
        number = {node: i for i, node in enumerate(self.nodes)}
        edges = [
            (number[a], number[b], 1.0 if weight is None else data.get(weight, 1.0))
            for a, b, data in graph.edges(data=True)
        ]
        if not self.directed:
            edges += [(b, a, w) for a, b, w in edges if a != b]
        sources = np.array([edge[0] for edge in edges], np.int64)
        targets = np.array([edge[1] for edge in edges], np.int64)
        weights = np.array([edge[2] for edge in edges], np.float64)
        out = np.bincount(sources, weights, len(self.nodes))
        used = out[sources] != 0  # networkx too takes a sum of zero for a dead end
        order = np.flatnonzero(used)[np.argsort(sources[used], kind="stable")]
        self.targets: Offsets = targets[order]
        self.shares: Floats = weights[order] / out[sources[order]]
        counts = np.bincount(sources[order], minlength=len(self.nodes))
        self.begin: Offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)

    def is_directed(self) -> bool:
        return self.directed

    def is_multigraph(self) -> bool:
        return self.multi


def convert_from_nx(graph: nx.Graph[Any], **how: Any) -> FloatGraph:
    """What networkx calls to hand a graph over."""
    attributes = how.get("edge_attrs")
    return FloatGraph(graph, next(iter(attributes)) if attributes else None)


def convert_to_nx(result: Any, **how: Any) -> Any:
    """Results are plain values already."""
    return result


def _vector(graph: FloatGraph, given: dict[Any, float] | None, what: str) -> Floats:
    size = len(graph.nodes)
    if given is None:
        return np.full(size, 1.0 / size)
    vector: Floats = np.array([given.get(node, 0) for node in graph.nodes], np.float64)
    if vector.sum() == 0:
        raise ZeroDivisionError(f"the values of {what} sum up to zero")
    return np.asarray(vector / vector.sum(), np.float64)


def pagerank(
    G: FloatGraph,  # noqa: N803 - networkx calls it by this name
    alpha: float = 0.85,
    personalization: dict[Any, float] | None = None,
    max_iter: int = 100,
    tol: float = 1.0e-6,
    nstart: dict[Any, float] | None = None,
    weight: str | None = "weight",
    dangling: dict[Any, float] | None = None,
) -> dict[Any, float]:
    """networkx' PageRank, carried on to 1e-14 when it has met networkx' own tolerance."""
    if not G.nodes:
        return {}
    rank = _vector(G, nstart, "nstart")
    home = _vector(G, personalization, "personalization")
    ends = home if dangling is None else _vector(G, dangling, "dangling")
    for step in range(1, max(max_iter, MAX_STEPS) + 1):
        after: Floats = np.zeros(len(G.nodes))
        lost = sweep(G.begin, G.targets, G.shares, rank, after)
        after = alpha * (after + lost * ends) + (1.0 - alpha) * home
        moved = float(np.abs(after - rank).sum())
        rank = after
        if moved < EXACT:
            break
        if step == max_iter and not moved < len(G.nodes) * tol:  # weights that are no numbers never settle
            raise nx.PowerIterationFailedConvergence(max_iter)
    return dict(zip(G.nodes, rank.tolist(), strict=True))
