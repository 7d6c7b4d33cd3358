"""A viewer's circle: who counts for them, how much, and the way there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Protocol

from graph.arguments import as_id, as_ids
from graph.errors import GraphError
from graph.kinds import Id


class Asked(Protocol):
    """What a circle asks of its graph."""

    def best_paths(self, viewer: Id, targets: Iterable[Id], *, topic: str | None = None) -> dict[Id, list[Id]]: ...

    def distance(self, viewer: Id, target: Id) -> int | None: ...

    def distances(self, viewer: Id, targets: Iterable[Id] | None = None) -> dict[Id, int]: ...


class Circle:
    """The answer for one viewer, to be kept until the graph's `version` changes.

    Scores are there at once; ways and distances are found together when the
    first of them is asked for.
    """

    def __init__(
        self,
        graph: Asked,
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
        self._ways: dict[Id, list[Id] | None] = {}
        self._far_distances: dict[Id, int | None] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Id]:
        return iter(self.ids)

    def __contains__(self, who: object) -> bool:
        try:
            return as_id(who) in self.scores
        except GraphError:  # what can't be an id is nobody's
            return False

    def score(self, who: Id) -> float:
        """The trust in a member; 0.0 outside the circle."""
        return self.scores.get(as_id(who), 0.0)

    def path(self, who: Id) -> list[Id] | None:
        """The strongest way to a member, of the circle or not; None when there is none.

        The first call finds the ways to the whole circle; `paths` is cheaper
        where only some are needed.
        """
        who = as_id(who)
        if who not in self._ways:
            self._find([*self.ids, who] if who in self.scores else [who])
        return self._ways[who]

    def paths(self, targets: Iterable[Id]) -> dict[Id, list[Id]]:
        """The strongest ways to many members; those without a way are left out."""
        wanted = as_ids(targets)
        self._find(wanted)
        ways = ((who, self._ways[who]) for who in wanted)
        return {who: way for who, way in ways if way is not None}

    def _find(self, targets: list[Id]) -> None:
        new = [who for who in targets if who not in self._ways]
        if new:
            found = self._graph.best_paths(self.viewer, new, topic=self.topic)
            self._ways.update((who, found.get(who)) for who in new)

    def distance(self, who: Id) -> int | None:
        """Hops along edges to a member; None when there is no way."""
        who = as_id(who)
        if who in self._distances:
            return self._distances[who]
        if who not in self._far_distances:
            self._far_distances[who] = self._graph.distance(self.viewer, who)
        return self._far_distances[who]

    @cached_property
    def _distances(self) -> dict[Id, int]:
        return self._graph.distances(self.viewer, self.ids)
