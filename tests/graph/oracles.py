"""The same answers by networkx, as plainly as they can be had."""

import math
from typing import Any

import networkx as nx


def costed(graph: "nx.DiGraph[Any]") -> "nx.DiGraph[Any]":
    """With what a step costs: minus the logarithm of its share."""
    for a in graph:
        whole = graph.out_degree(a, weight="weight")
        for b in graph[a]:
            graph[a][b]["cost"] = max(0.0, -math.log(graph[a][b]["weight"] / whole))
    return graph


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
