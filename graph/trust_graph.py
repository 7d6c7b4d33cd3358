"""The trust graph: who trusts whom, whom a viewer may trust, and by which way."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from importlib import import_module
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from graph.arguments import as_id, as_ids, file, text, whole, wholes
from graph.circle import Circle
from graph.errors import GraphError
from graph.kinds import Id, Index
from graph.paths.disjoint import Counter
from graph.paths.explaining import Explanation, Named, mask
from graph.paths.k_paths import around, leading, ways
from graph.paths.ways import Seeker
from graph.scoring import Scoring
from graph.store import serialization
from graph.store.weights import WEIGHTS
from graph.walk import certification
from graph.walk.certification import CAPACITIES
from graph.walk.push import DAMPING, SCARCE

if TYPE_CHECKING:
    import networkx as nx

CUTOFF = 6  # hops: beyond, people are strangers
WAYS = 10  # independent ways are counted up to here
NEIGHBOURHOOD, FARTHER = 100, 1000  # the members among whom further ways are sought
MAX_PATHS = 10


class TrustGraph(Scoring):
    """Trust between members, updated in place and asked from a viewer's side.

    >>> g = TrustGraph()
    >>> g.add_edges(["ana", "ana", "bo", "eve"], ["bo", "eve", "cem", "cem"], [0.6, 0.2, 1, 1])
    >>> {who: round(score, 4) for who, score in g.scores("ana").items()}
    {'bo': 0.0918, 'eve': 0.0306, 'cem': 0.0204}
    >>> g.path("ana", "cem")
    ['ana', 'bo', 'cem']
    >>> g.independent_ways("ana", ["cem"])
    2

    Whose vouches weigh W together passes on w / (W + c) by each, and the rest
    of the walk goes home: so a member with a single vouch is no wide door.
    c is `damping`; 2, two full vouches, suits most communities, 4 is strict.
    """

    def __init__(self, clock: Callable[[], float] = time.time, *, damping: float = DAMPING) -> None:
        super().__init__(clock, damping=damping)
        self.position = 0  # of the event log, for whoever follows it
        self._seeker = Seeker()
        self._counter = Counter()

    # -- scores ---------------------------------------------------------------

    def scores(self, viewer: Id, top: int = 1000, *, topic: str | None = None) -> dict[Id, float]:
        """The circle: whom the viewer may trust, best first, without the viewer.

        Personalised PageRank with restart probability 0.5; a walk that meets
        a dead end goes back to the viewer, and some of it from everywhere
        (`damping`). Empty for an unknown viewer.
        """
        return self.circle(viewer, top, topic=topic).scores

    def score(self, viewer: Id, target: Id) -> float:
        """The viewer's trust in one member, however far down the list."""
        target = as_id(target)
        return self.scores(viewer, top=self.nodes).get(target, 0.0)

    def circle(self, viewer: Id, top: int = 1000, *, topic: str | None = None) -> Circle:
        """The circle with its ways and distances, to keep until `version` changes."""
        viewer, top = as_id(viewer), whole(top, "top")
        with self._on_topic(topic):
            index = self._ids.find(viewer)
            if index < 0 or not top:
                return Circle(self, viewer, [], [], self._version, topic=topic)
            members, scores = self._scored(index, min(top, self.nodes))
            ids = self._ids.names(members)
            return Circle(
                self, viewer, ids, scores.tolist(), self._version, topic=topic, borrowed=self._borrowed(index)
            )

    def certified(self, seeds: Iterable[Id], capacities: Sequence[int] = CAPACITIES) -> set[Id]:
        """Members whom trust from the seeds reaches through everybody's limited capacity."""
        sizes = wholes(capacities, "a capacity", least=1)
        if not sizes:
            raise GraphError("certification needs at least one capacity")
        with self._reading():
            known = np.unique(self._known(seeds))
            if not known.shape[0]:
                raise GraphError("certification needs at least one known seed")
            distance = np.full(self._adjacency.members, -1, np.int64)
            for seed in known.tolist():
                members, depth = self._seeker.hops(self._adjacency, seed, None, len(sizes) - 1, None)
                nearer = (distance[members] < 0) | (depth < distance[members])
                distance[members[nearer]] = depth[nearer]
            edges = self._adjacency.listing()
            marked = certification.certified(self._adjacency.members, edges, known, distance, tuple(sizes))
            return set(self._ids.names(np.flatnonzero(marked).astype(np.int32)))

    # -- ways -------------------------------------------------------------------

    @overload
    def path(self, viewer: Id, target: Id) -> list[Id] | None: ...

    @overload
    def path(self, viewer: Id, target: Id, *, masked: Collection[Id]) -> Named | None: ...

    def path(self, viewer: Id, target: Id, *, masked: Collection[Id] = ()) -> Any:
        """The strongest way: highest product of normalised weights.

        In between, None stands for those in `masked`, who do not want to be named.
        """
        masked = frozenset(as_ids(masked))
        way = self.best_paths(viewer, [target]).get(as_id(target))
        return None if way is None else mask(way, masked)

    def best_paths(
        self, viewer: Id, targets: Iterable[Id], *, topic: str | None = None, avoid: Collection[Id] = ()
    ) -> dict[Id, list[Id]]:
        """The strongest way to each target that has one, past whom to `avoid`."""
        with self._on_topic(topic):
            index = self._ids.find(viewer)
            known = self._known(targets)
            if index < 0 or not known.shape[0]:
                return {}
            found = self._seeker.strongest(self._adjacency, index, known, self._avoided(index, avoid))
            return {self._ids.of(way[-1]): [self._ids.of(i) for i in way] for way in found if way is not None}

    @overload
    def paths(self, viewer: Id, target: Id, k: int = 3) -> list[list[Id]]: ...

    @overload
    def paths(self, viewer: Id, target: Id, k: int = 3, *, masked: Collection[Id]) -> list[Named]: ...

    def paths(self, viewer: Id, target: Id, k: int = 3, *, masked: Collection[Id] = ()) -> Any:
        """Up to `k` (at most 10) ways without repeated members, strongest first.

        The first is exact; the others are sought among the best members around the viewer
        and those of the circle through whom trust comes to the target.
        """
        k, masked = whole(k, "k", least=1), frozenset(as_ids(masked))
        with self._reading():
            index, goal = self._ids.find(viewer), self._ids.find(target)
            if index < 0 or goal < 0:
                return []
            blocked = self._blocked(index)
            first = self._seeker.strongest(self._adjacency, index, np.array([goal], np.int32), blocked)[0]
            if first is None:
                return []
            found = [first]
            if k > 1 and index != goal:
                # Undamped, as the strength of a way is.
                nearby = self._pusher.run(self._adjacency, index, FARTHER, blocked=blocked, budget=SCARCE).members
                inner = leading(self._adjacency, nearby, goal, NEIGHBOURHOOD // 2)
                members = np.unique(np.concatenate((nearby[:NEIGHBOURHOOD], inner, np.array(first, np.int32))))
                further = (way for way in ways(around(self._adjacency, members, blocked), index, goal) if way != first)
                found += islice(further, min(k, MAX_PATHS) - 1)
            return [mask([self._ids.of(i) for i in way], masked) for way in found]

    def explain(self, viewer: Id, endorsers: Iterable[Id], *, masked: Collection[Id] = ()) -> Explanation:
        """What leads from a viewer to some people, all in one call.

        >>> g = TrustGraph()
        >>> g.add_edges(["ana", "bo", "bo", "ana"], ["bo", "cem", "dee", "eve"])
        >>> known = g.explain("ana", ["cem", "dee", "eve", "stranger"], masked={"bo"})
        >>> str(known), known.paths[1]
        ('3 people, 2 independent ways', ['ana', None, 'cem'])
        """
        viewer, masked = as_id(viewer), frozenset(as_ids(masked))
        with self._reading():
            index = self._ids.find(viewer)
            found = self.best_paths(viewer, [who for who in as_ids(endorsers) if who != viewer])
            if index < 0 or not found:
                return Explanation(viewer, (), (), (), 0)
            members, values = self._scored(index, self.nodes)
            scores = dict(zip(self._ids.names(members), values.tolist(), strict=True))
            people = sorted(found, key=lambda who: -scores.get(who, 0.0))
            return Explanation(
                viewer,
                tuple(people),
                tuple(scores.get(who, 0.0) for who in people),
                tuple(mask(found[who], masked) for who in people),
                self.independent_ways(viewer, people),
            )

    def strength(self, path: Sequence[Id]) -> float:
        """The product of the normalised weights along a path; 0.0 where it breaks off.

        Whom the first on it has blocked takes no part.
        """
        product = 1.0
        with self._reading():
            way = [self._ids.find(who) for who in as_ids(path)]
            if not way or min(way) < 0:
                return 0.0
            blocked = self._blocks.get(way[0], {})
            for a, b in pairwise(way):
                others, codes = self._adjacency.run(a)
                shares = {
                    other: float(WEIGHTS[code])
                    for other, code in zip(others.tolist(), codes.tolist(), strict=True)
                    if other not in blocked
                }
                if b not in shares:
                    return 0.0
                product *= shares[b] / sum(shares.values())
        return product

    def independent_ways(
        self, viewer: Id, targets: Iterable[Id], cutoff: int = WAYS, *, avoid: Collection[Id] = ()
    ) -> int:
        """How many ways share no member and pass nobody to `avoid`, counted up to `cutoff`.

        For one target: ways that share nobody in between. For several: ways
        that end at different targets and share nobody at all, so that three
        friends who came through one inviter count once.

        >>> g = TrustGraph()
        >>> g.add_edges(["ana", "bo", "bo"], ["bo", "cem", "dee"])
        >>> g.independent_ways("ana", ["cem", "dee"])
        1
        """
        cutoff = min(whole(cutoff, "cutoff"), self.nodes)
        with self._reading():
            index = self._ids.find(viewer)
            known = np.unique(self._known(targets))
            known = known[known != index]
            blocked = self._avoided(index, avoid)
            if blocked is not None:
                known = np.setdiff1d(known, blocked)
            if index < 0 or not known.shape[0]:
                return 0
            return self._counter.together(self._adjacency, index, known, cutoff, blocked)

    def ways_to_each(
        self, viewer: Id, targets: Iterable[Id], cutoff: int = WAYS, *, avoid: Collection[Id] = ()
    ) -> dict[Id, int]:
        """How many ways that share nobody in between lead to each of several, in one call.

        The same as `independent_ways` of each alone; 0 for whoever cannot be reached.

        >>> g = TrustGraph()
        >>> g.add_edges(["ana", "bo", "bo", "ana"], ["bo", "cem", "dee", "cem"])
        >>> g.ways_to_each("ana", ["cem", "dee", "nobody"])
        {'cem': 2, 'dee': 1, 'nobody': 0}
        """
        cutoff = min(whole(cutoff, "cutoff"), self.nodes)
        wanted = as_ids(targets)
        counts = dict.fromkeys(wanted, 0)
        with self._reading():
            index = self._ids.find(viewer)
            known = self._known(wanted)
            known = known[known != index]
            blocked = self._avoided(index, avoid)
            if blocked is not None:
                known = np.setdiff1d(known, blocked)
            if index >= 0 and known.shape[0]:
                found = self._counter.each(self._adjacency, index, known, cutoff, blocked)
                counts.update(zip(self._ids.names(known), found.tolist(), strict=True))
        return counts

    def distance(self, viewer: Id, target: Id) -> int | None:
        """Hops along edges; None when there is no way."""
        return self.distances(viewer, [target], cutoff=self.nodes).get(as_id(target))

    def distances(
        self, viewer: Id, targets: Iterable[Id] | None = None, cutoff: int = CUTOFF, *, avoid: Collection[Id] = ()
    ) -> dict[Id, int]:
        """Hops to the targets, or to everybody, that are within `cutoff`, past whom to `avoid`."""
        cutoff = min(whole(cutoff, "cutoff"), self.nodes)
        with self._reading():
            index = self._ids.find(viewer)
            known = None if targets is None else self._known(targets)
            if index < 0 or (known is not None and not known.shape[0]):
                return {}
            members, depth = self._seeker.hops(self._adjacency, index, known, cutoff, self._avoided(index, avoid))
            return dict(zip(self._ids.names(members), depth.tolist(), strict=True))

    # -- networkx -----------------------------------------------------------------

    def to_networkx(self) -> nx.DiGraph[Any]:
        """All members and edges as a networkx graph, weights in `weight`."""
        with self._reading():
            sources, targets, weights = self._adjacency.listing()
            edges = zip(self._ids.names(sources), self._ids.names(targets), WEIGHTS[weights].tolist(), strict=True)
            found: nx.DiGraph[Any] = _conversion().made_of(self._ids.all(), edges)
            return found

    @classmethod
    def from_networkx(cls, graph: nx.Graph[Any], weight: str = "weight", *, damping: float = DAMPING) -> TrustGraph:
        """Take over a networkx graph; edges without a weight count 1, undirected ones both ways."""
        nodes, edges = _conversion().taken_apart(graph, text(weight, "weight"))
        new = cls(damping=damping)
        for node in nodes:
            new.add_member(node)
        if edges:
            sources, targets, weights = zip(*edges, strict=True)
            new.add_edges(sources, targets, weights)
        return new

    # -- keeping ------------------------------------------------------------------

    def save(self, path: str | Path, position: int = 0) -> None:
        """Write a snapshot, members ordered anew; `position` is the event log's it stands for."""
        where, position = file(path), whole(position, "position")
        with self._reading():
            self._lay_out(*self._adjacency.listing())
            serialization.save(where, self._ids, self._adjacency, self._ties, self._blocks, self._reports, position)

    @classmethod
    def load(cls, path: str | Path, clock: Callable[[], float] = time.time, *, damping: float = DAMPING) -> TrustGraph:
        """Start from a snapshot; `position` says from where on to follow the event log.

        Raises `SnapshotError` when the file is damaged, of another version or foreign.
        """
        new = cls(clock, damping=damping)
        new._blocks, new._reports, new.position = serialization.load(file(path), new._ids, new._adjacency, new._ties)
        return new

    # -- inside ---------------------------------------------------------------------

    def _avoided(self, index: int, avoid: Collection[Id]) -> Index | None:
        """Whom no way of the viewer passes: those blocked, and these."""
        blocked = self._blocked(index)
        known = self._known(avoid)
        others = np.setdiff1d(known, index) if known.size else None
        return blocked if others is None else others if blocked is None else np.union1d(blocked, others)


def _conversion() -> Any:
    """networkx takes longer to load than a small graph does, and few ask for it."""
    return import_module("graph.nx_conversion")
