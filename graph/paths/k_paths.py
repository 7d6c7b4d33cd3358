"""Further ways between two members, among the few around them.

The paths are listed in falling strength by a best-first search that knows, for
every member, how strong the rest of the way can be at best. It is exact among
the members it is given, and stops after a bounded number of steps.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from graph.kinds import Index
from graph.store.adjacency import Adjacency
from graph.store.weights import WEIGHTS

STEPS = 4000  # partial ways to look at before giving up
Costs = dict[int, list[tuple[int, float]]]


def leading(adjacency: Adjacency, members: Index, target: int, most: int) -> Index:
    """Those of some members, best first, who trust the target, and those who trust one of these."""
    rows, _, targets = adjacency.runs(members)
    givers = np.repeat(np.arange(members.shape[0]), rows[:, 1])
    last = np.unique(givers[targets == target])[:most]
    wanted = np.zeros(adjacency.members, np.bool_)
    wanted[members[last]] = True
    before = np.unique(givers[wanted[targets]])[:most]
    return np.asarray(members[np.concatenate((last, before))], np.int32)


def around(adjacency: Adjacency, members: Index, blocked: Index | None) -> Costs:
    """Who of some members trusts whom of them, and the cost: minus the logarithm of the share.

    Those who are blocked take no part, also not in what the shares are of.
    """
    rows, within, targets = adjacency.runs(members)
    begin, size, room, _ = rows.T
    weights = WEIGHTS[adjacency.wgt[np.repeat(4 * (begin + room), size) + within]]
    givers = np.repeat(np.arange(members.shape[0]), size)
    inside = np.zeros(adjacency.members, np.bool_)
    inside[members] = True
    if blocked is not None:
        inside[blocked] = False
        weights[np.isin(targets, blocked)] = 0.0
    totals = np.bincount(givers, weights, members.shape[0])
    chosen: NDArray[np.bool_] = inside[targets] & inside[members[givers]]
    costs = np.log(totals[givers[chosen]] / weights[chosen])
    sources = members[givers[chosen]]
    found: Costs = {}
    for source, target, cost in zip(sources.tolist(), targets[chosen].tolist(), costs.tolist(), strict=True):
        found.setdefault(source, []).append((target, max(cost, 0.0)))
    return found


def _left(edges: Costs, target: int) -> dict[int, float]:
    """The least cost from each member to the target."""
    backwards: Costs = {}
    for source, given in edges.items():
        for other, cost in given:
            backwards.setdefault(other, []).append((source, cost))
    best: dict[int, float] = {}
    heap = [(0.0, target)]
    while heap:
        cost, member = heapq.heappop(heap)
        if member in best:
            continue
        best[member] = cost
        for source, step in backwards.get(member, ()):
            if source not in best:
                heapq.heappush(heap, (cost + step, source))
    return best


def ways(edges: Costs, viewer: int, target: int, steps: int = STEPS) -> Iterator[list[int]]:
    """Ways without repeated members, strongest first.

    >>> edges = {0: [(1, 0.1), (2, 0.5)], 1: [(3, 0.1)], 2: [(3, 0.3), (1, 0.0)]}
    >>> list(ways(edges, 0, 3))
    [[0, 1, 3], [0, 2, 1, 3], [0, 2, 3]]
    """
    left = _left(edges, target)
    heap = [(left[viewer], 0.0, [viewer])] if viewer in left else []
    while heap and steps:
        steps -= 1
        _, cost, way = heapq.heappop(heap)
        if way[-1] == target:
            yield way
            continue
        for other, step in edges.get(way[-1], ()):
            if other in left and other not in way:
                heapq.heappush(heap, (cost + step + left[other], cost + step, [*way, other]))
