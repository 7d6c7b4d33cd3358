"""From networkx' graphs and to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx as nx

from graph.errors import GraphError
from graph.kinds import Id


def made_of(members: Iterable[Id], edges: Iterable[tuple[Id, Id, float]]) -> nx.DiGraph[Any]:
    """A graph of these, weights in `weight`."""
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from(members)
    graph.add_weighted_edges_from(edges)
    return graph


def taken_apart(graph: Any, weight: str) -> tuple[list[Any], list[tuple[Any, Any, Any]]]:
    """Nodes, and edges with a weight of 1 where they have none, undirected ones both ways."""
    if not isinstance(graph, nx.Graph):
        raise GraphError(f"a networkx graph is asked for, not {type(graph).__name__}")
    edges = list(graph.edges(data=weight, default=1.0))
    if not graph.is_directed():
        edges += [(b, a, w) for a, b, w in edges]
    return list(graph), edges
