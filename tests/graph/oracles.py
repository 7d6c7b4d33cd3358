"""The same answers by networkx, as plainly as they can be had."""

import math
from typing import Any

import networkx as nx

from graph.walk.push import DAMPING


def costed(graph: "nx.DiGraph[Any]") -> "nx.DiGraph[Any]":
    """With what a step costs: minus the logarithm of its share."""
    for a in graph:
        whole = graph.out_degree(a, weight="weight")
        for b in graph[a]:
            graph[a][b]["cost"] = max(0.0, -math.log(graph[a][b]["weight"] / whole))
    return graph


def trust_rank(graph: "nx.DiGraph[Any]", home: object, damping: float = DAMPING) -> dict[Any, float]:
    """Scores from `home` by networkx' PageRank; damping is an edge home from everybody who trusts somebody."""
    walked = graph.copy()
    for a in [a for a in graph if damping and graph.out_degree(a, weight="weight")]:
        before = walked[a][home].get("weight", 1.0) if home in walked[a] else 0.0
        walked.add_edge(a, home, weight=before + damping)
    there = {home: 1.0}
    found: dict[Any, float] = nx.pagerank(
        walked, alpha=0.5, personalization=there, dangling=there, tol=1e-14, max_iter=500
    )
    return found


def disjoint_ways(graph: "nx.DiGraph[Any]", viewer: object, targets: "set[Any]", cutoff: int = 10) -> int:
    """Ways that share nobody, by maximum flow; all targets but one alone are passed at most once."""
    if not targets:
        return 0
    flow: nx.DiGraph[Any] = nx.DiGraph()
    for node in graph:
        free = node == viewer or targets == {node}
        flow.add_edge((node, "in"), (node, "out"), capacity=99 if free else 1)
    for a, b in graph.edges:
        flow.add_edge((a, "out"), (b, "in"), capacity=1)
    for target in targets:
        flow.add_edge((target, "out"), "sink", capacity=99)
    return min(cutoff, int(nx.maximum_flow_value(flow, (viewer, "out"), "sink")))
