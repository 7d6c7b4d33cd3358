"""Whom a viewer and the community may trust: everything that is answered by scores alone."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from graph.arguments import as_id, column, function, real, whole
from graph.errors import GraphError
from graph.kinds import Id, Index
from graph.store.distrust import Distrust
from graph.walk import meeting, reputation
from graph.walk.push import DAMPING, Floats, Pusher

CIRCLE = 1000  # members among whom people to meet and co-trusters are sought


class Meeting(NamedTuple):
    """Somebody whom a viewer does not trust directly yet and may want to meet."""

    member: Id
    score: float
    vouches: bool  # for the viewer, already


class Scoring(Distrust):
    """Edges, blocks and reports, and the scores that follow from them."""

    def __init__(self, clock: Callable[[], float] = time.time, *, damping: float = DAMPING) -> None:
        super().__init__(clock)
        self.damping = real(damping, "damping")
        if not 0.0 <= self.damping < math.inf:
            raise GraphError(f"damping is at least 0 and has an end, not {damping!r}")
        self.walked = 0  # edges of the last query, for measuring
        self._pusher = Pusher()

    @property
    def nbytes(self) -> int:
        """Bytes allocated for members and edges, and to answer with scores."""
        return super().nbytes + self._pusher.nbytes

    def reputation(
        self,
        seeds: Iterable[Id],
        *,
        restart: float = 0.5,
        tolerance: float = 1e-9,
        progress: Callable[[int, float], None] | None = None,
    ) -> dict[Id, float]:
        """Every member's standing, best first, as seen from the seeds together."""
        restart, tolerance = real(restart, "restart"), real(tolerance, "tolerance")
        if not 0.0 < restart <= 1.0 or tolerance <= 0.0:
            raise GraphError("restart lies above 0 and is at most 1, and the tolerance lies above 0")
        if progress is not None:
            function(progress, "progress")
        with self._reading():
            known = self._known(seeds)
            if not known.shape[0]:
                raise GraphError("reputation needs at least one known seed")
            rank = reputation.reputation(self._adjacency, known, restart, self.damping, tolerance, progress)
            used = self._ids.indices()
            order = used[np.argsort(-rank[used], kind="stable")]
            return dict(zip(self._ids.names(order), rank[order].tolist(), strict=True))

    def people_to_meet(self, viewer: Id, top: int = 24) -> list[Meeting]:
        """Members whom the viewer may want to vouch for next, best first.

        Whom the viewer trusts, has blocked or hears bad of is not among them. Where members give ten
        vouches and more on average, whom co-trusters trust and who vouches for the viewer count too.

        >>> from graph import TrustGraph
        >>> g = TrustGraph()
        >>> g.add_edges(["ana", "ana", "bo", "cem", "bo"], ["bo", "cem", "dee", "dee", "eve"])
        >>> [one.member for one in g.people_to_meet("ana")]
        ['dee', 'eve']
        """
        viewer, top = as_id(viewer), whole(top, "top")
        with self._reading():
            index = self._ids.find(viewer)
            if index < 0 or not top:
                return []
            members, scores = self._scored(index, min(CIRCLE, self.nodes))
            ill = [who for who, left in self._discounts(index).items() if left <= 0.0]
            blocked = self._blocked(index)
            avoided = np.union1d(blocked if blocked is not None else [], ill).astype(np.int32)
            met = meeting.meet(self._adjacency, index, members, scores, avoided)
            rows = zip(
                self._ids.names(met.members[:top]), met.scores[:top].tolist(), met.back[:top].tolist(), strict=True
            )
            return [Meeting(*row) for row in rows]

    def co_trusters(self, viewer: Id) -> dict[Id, float]:
        """Members of the circle who trust the same people as the viewer, the more alike the higher.

        Gated by the square root of the viewer's own score of them, so that nobody gets in by copying.
        """
        viewer = as_id(viewer)
        with self._reading():
            index = self._ids.find(viewer)
            if index < 0:
                return {}
            members, weights = meeting.alike(self._adjacency, index, *self._scored(index, min(CIRCLE, self.nodes)))
            return dict(zip(self._ids.names(members), weights.tolist(), strict=True))

    # -- inside ---------------------------------------------------------------------

    def _scored(self, index: int, top: int) -> tuple[Index, Floats]:
        """The best members for a viewer, with what reports take away."""
        cuts = self._discounts(index)
        blocked = self._blocked(index)
        pushed = self._pusher.run(self._adjacency, index, top + len(cuts), blocked=blocked, damping=self.damping)
        members, scores = pushed.members, pushed.scores
        self.walked = pushed.work
        if cuts:
            scores = scores * np.fromiter((cuts.get(m, 1.0) for m in members.tolist()), np.float64)
            order = np.argsort(-scores, kind="stable")
            order = order[scores[order] > 0.0]
            members, scores = members[order], scores[order]
        return members[:top], scores[:top]

    def _known(self, who: Iterable[Id]) -> Index:
        known = self._ids.many(column(who), create=False)
        return known[known >= 0]
