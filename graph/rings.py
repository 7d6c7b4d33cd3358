"""Rings: members who vouch for each other, came together and praise the same things.

What is found goes to moderators as evidence, never into a score: families and
clubs look like this too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import networkx as nx

from graph.kinds import Id

SMALLEST, LARGEST = 4, 60
DENSE = 0.5  # of all pairs vouch for each other
CLOSED = 0.6  # of the trust that members receive comes from inside


@dataclass(frozen=True)
class Ring:
    """A cluster and what speaks against it; every figure lies between 0 and 1 but `joined_within`."""

    members: tuple[Id, ...]
    density: float  # of all pairs, how many vouch for each other
    closed: float  # of the trust they receive, how much is their own
    joined_within: float | None  # seconds between the first and the last to join
    alike: float | None  # how alike what they endorse is, over pairs that endorse anything
    graph: nx.DiGraph[Any]  # the members, their edges, and who trusts them from outside

    @property
    def suspicion(self) -> float:
        """For the order of the queue only."""
        together = 0.0 if self.joined_within is None else 1.0 / (1.0 + self.joined_within / 86_400)
        return (self.density + self.closed + together + (self.alike or 0.0)) / 4


def find(
    graph: nx.DiGraph[Any],
    joined: Mapping[Id, float] | None = None,
    endorsed: Mapping[Id, Collection[object]] | None = None,
    seed: int = 0,
) -> list[Ring]:
    """The rings of a trust graph (`TrustGraph.to_networkx()`), most suspicious first.

    >>> ring = [(a, b) for a in "wxyz" for b in "wxyz" if a != b]
    >>> [one.members for one in find(nx.DiGraph([*ring, ("ana", "bo"), ("bo", "w")]))]
    [('w', 'x', 'y', 'z')]
    """
    mutual: nx.Graph[Any] = nx.Graph()
    mutual.add_edges_from((a, b) for a, b in graph.edges if graph.has_edge(b, a))
    core = nx.k_core(mutual, SMALLEST - 1)
    clusters = nx.community.louvain_communities(core, seed=seed) if core else []
    rings = [_judged(graph, core.subgraph(c), joined or {}, endorsed or {}) for c in clusters]
    found = [ring for ring in rings if ring and ring.density >= DENSE and ring.closed >= CLOSED]
    return sorted(found, key=lambda ring: ring.suspicion, reverse=True)


def _judged(
    graph: nx.DiGraph[Any],
    mutual: nx.Graph[Any],
    joined: Mapping[Id, float],
    endorsed: Mapping[Id, Collection[object]],
) -> Ring | None:
    members = set(mutual)
    if not SMALLEST <= len(members) <= LARGEST:
        return None
    inside = outside = 0.0
    around = set(members)
    for source, _, weight in graph.in_edges(members, data="weight", default=1.0):
        around.add(source)
        if source in members:
            inside += weight
        else:
            outside += weight
    times = [joined[who] for who in members if who in joined]
    praised = [set(endorsed[who]) for who in sorted(members, key=str) if endorsed.get(who)]
    likeness = [len(a & b) / len(a | b) for a, b in combinations(praised, 2)]
    return Ring(
        members=tuple(sorted(members, key=str)),
        density=float(nx.density(mutual)),
        closed=inside / (inside + outside),
        joined_within=max(times) - min(times) if len(times) > 1 else None,
        alike=sum(likeness) / len(likeness) if likeness else None,
        graph=graph.subgraph(around).copy(),
    )
