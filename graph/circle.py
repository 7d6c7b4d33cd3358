"""A viewer's circle: who counts for them, how much, and the way there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from graph.ids import Id

if TYPE_CHECKING:
    from graph.trust_graph import TrustGraph


class Circle:
    """The answer for one viewer, to be kept until the graph's `version` changes.

    Scores are there at once; ways and distances are found together when the
    first of them is asked for.
    """

    def __init__(
        self,
        graph: TrustGraph,
        viewer: Id,
        ids: list[Id],
        scores: list[float],
        version: int,
        *,
        topic: str | None = None,
        borrowed: float = 0.0,
    ) -> None:
        self._graph = graph
        self.viewer = viewer
        self.ids = ids
        self.scores: dict[Id, float] = dict(zip(ids, scores, strict=True))
        self.version = version
        self.topic = topic
        self.borrowed = borrowed  # how much of it rests on who invited the viewer: 1.0 for a newcomer
        self._far_paths: dict[Id, list[Id] | None] = {}
        self._far_distances: dict[Id, int | None] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Id]:
        return iter(self.ids)

    def __contains__(self, who: object) -> bool:
        return who in self.scores

    def score(self, who: Id) -> float:
        """The trust in a member; 0.0 outside the circle."""
        return self.scores.get(who, 0.0)

    def path(self, who: Id) -> list[Id] | None:
        """The strongest way to a member, of the circle or not; None when there is none."""
        if who in self._paths:
            return self._paths[who]
        if who not in self._far_paths:
            self._far_paths[who] = self._graph.best_paths(self.viewer, [who], topic=self.topic).get(who)
        return self._far_paths[who]

    def paths(self, targets: Iterable[Id]) -> dict[Id, list[Id]]:
        """The strongest ways to many members; those without a way are left out."""
        wanted = list(targets)
        far = [w for w in wanted if w not in self._paths and w not in self._far_paths]
        if far:
            found = self._graph.best_paths(self.viewer, far, topic=self.topic)
            self._far_paths.update((who, found.get(who)) for who in far)
        ways = ((who, self.path(who)) for who in wanted)
        return {who: way for who, way in ways if way is not None}

    def distance(self, who: Id) -> int | None:
        """Hops along edges to a member; None when there is no way."""
        if who in self._distances:
            return self._distances[who]
        if who not in self._far_distances:
            self._far_distances[who] = self._graph.distance(self.viewer, who)
        return self._far_distances[who]

    @cached_property
    def _paths(self) -> dict[Id, list[Id]]:
        return self._graph.best_paths(self.viewer, self.ids, topic=self.topic)

    @cached_property
    def _distances(self) -> dict[Id, int]:
        return self._graph.distances(self.viewer, self.ids)
