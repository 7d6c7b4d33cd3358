"""Blocks and upheld reports: what takes trust away, and how far it carries."""

import numpy as np

from graph.kinds import Id, Index
from graph.store.edges import Edges
from graph.store.weights import WEIGHTS


class Distrust(Edges):
    """Edges, and those who are kept out of them.

    A block counts for the blocker alone, a report for those who trust the
    reporter directly. Neither goes any further.
    """

    def block(self, source: Id, target: Id) -> None:
        """`source` wants nothing of `target`: no edge, no score, no way through them.

        Others are not touched by it. An edge is held back until `unblock`.
        """
        with self._lock:
            a, b = self._pair(source, target)
            held = self._blocks.setdefault(a, {})
            if b not in held:
                held[b] = self._adjacency.drop(a, b)
            self._version += 1

    def unblock(self, source: Id, target: Id) -> None:
        """Take a block back; an edge that it held back is in force again."""
        with self._lock:
            a, b = self._ids.find(source), self._ids.find(target)
            code = self._lift(a, b)
            if code:
                self._adjacency.put(a, b, code)
            self._version += 1

    def report(self, source: Id, target: Id) -> None:
        """An upheld report: those who trust `source` trust `target` less, but no further on.

        A viewer's score of the reported member is cut by the strength of the
        viewer's own edge to the reporter; trust_fully leaves nothing.
        """
        with self._lock:
            a, b = self._pair(source, target)
            self._reports.setdefault(a, set()).add(b)
            self._version += 1

    def withdraw_report(self, source: Id, target: Id) -> None:
        """Take a report back."""
        with self._lock:
            a, b = self._ids.find(source), self._ids.find(target)
            self._unname(a, b)
            self._version += 1

    def blocked(self, who: Id) -> list[Id]:
        """Whom a member has blocked."""
        with self._lock:
            return [self._ids.of(i) for i in self._blocks.get(self._ids.find(who), {})]

    # -- for the other halves -----------------------------------------------

    def _blocked(self, index: int) -> Index | None:
        held = self._blocks.get(index)
        return np.fromiter(held, np.int32, len(held)) if held else None

    def _discounts(self, index: int) -> dict[int, float]:
        """By how much reports of those a viewer trusts directly cut others' scores."""
        factors: dict[int, float] = {}
        if self._reports:
            others, weights = self._adjacency.run(index)
            reporters = np.fromiter(self._reports, np.int32, len(self._reports))
            heard = np.isin(others, reporters)
            trusted = dict(zip(others[heard].tolist(), WEIGHTS[weights[heard]].tolist(), strict=True))
            trusted[index] = 1.0
            for who, weight in trusted.items():
                for whom in self._reports.get(who, ()):
                    factors[whom] = factors.get(whom, 1.0) * (1.0 - weight)
        return factors
