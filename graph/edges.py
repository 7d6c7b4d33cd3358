"""The writing half of a trust graph: members, edges and blocks, changed in place."""

from collections.abc import Iterator, Sequence
from threading import RLock

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import GraphError
from graph.ids import Id, Ids, Index, IntArray
from graph.slabs import UNIT, Bytes, Slabs


def to_byte(weight: float) -> int:
    """A weight in (0, 1] as it is stored; raises for anything else."""
    try:
        fine = 0.0 < weight <= 1.0
    except TypeError:
        fine = False
    if not fine or isinstance(weight, bool | str):
        raise GraphError(f"a weight lies above 0 and is at most 1, not {weight!r}")
    return max(1, round(weight * UNIT))


def to_bytes(weights: ArrayLike | None, length: int) -> Bytes:
    """Many weights at once; None stands for all ones."""
    if weights is None:
        return np.full(length, UNIT, np.uint8)
    try:
        given: NDArray[np.float64] = np.asarray(weights, np.float64)
    except (TypeError, ValueError):
        raise GraphError("weights must be numbers") from None
    if given.ndim == 0:
        given = np.full(length, float(given))
    if given.shape != (length,):
        raise GraphError(f"{length} edges, but {given.size} weights")
    bad = ~((given > 0.0) & (given <= 1.0))
    if bad.any():
        at = int(np.argmax(bad))
        raise GraphError(f"a weight lies above 0 and is at most 1, not {given[at]} (edge {at})")
    return np.maximum(1, np.rint(given * UNIT)).astype(np.uint8)


class Edges:
    """Members and the weighted edges between them."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._ids = Ids()
        self._slabs = Slabs()
        self._blocks: dict[int, dict[int, int]] = {}  # who: {whom: weight held back}
        self._version = 0

    # -- size ---------------------------------------------------------------

    @property
    def version(self) -> int:
        """Grows with every change; what was computed at one version holds until the next."""
        return self._version

    @property
    def nodes(self) -> int:
        """How many members there are."""
        return len(self._ids)

    @property
    def edges(self) -> int:
        """How many ordered pairs are in force."""
        return self._slabs.edges

    @property
    def nbytes(self) -> int:
        """Bytes allocated for members and edges."""
        return self._ids.nbytes + self._slabs.nbytes

    def __len__(self) -> int:
        return self.nodes

    def __contains__(self, who: object) -> bool:
        return isinstance(who, str | int) and self._ids.find(who) >= 0

    def __iter__(self) -> Iterator[Id]:
        with self._lock:
            return iter(self._ids.all())

    # -- writing ------------------------------------------------------------

    def add_member(self, who: Id) -> None:
        """Make a member known, with no edges."""
        with self._lock:
            self._enter(who)
            self._version += 1

    def remove_member(self, who: Id) -> None:
        """Forget a member and every edge from and to them."""
        with self._lock:
            index = self._ids.find(who)
            if index < 0:
                return
            for other in self._slabs.sources(index):
                self._slabs.drop(other, index)
            for other in self._slabs.run(index)[0].tolist():
                self._slabs.drop(index, other)
            self._blocks.pop(index, None)
            for held in self._blocks.values():
                held.pop(index, None)
            self._ids.forget(who)
            self._version += 1

    def add_edge(self, source: Id, target: Id, weight: float = 1.0) -> None:
        """Set the trust of `source` in `target`, replacing what there was.

        >>> g = Edges()
        >>> g.add_edge("ana", "bo", weight=0.6)
        >>> g.edge_weight("ana", "bo"), g.edge_weight("bo", "ana")
        (0.6, 0.0)
        """
        byte = to_byte(weight)
        with self._lock:
            a, b = self._pair(source, target)
            self._set(a, b, byte)
            self._version += 1

    def add_edges(
        self,
        sources: Sequence[Id] | IntArray,
        targets: Sequence[Id] | IntArray,
        weights: ArrayLike | None = None,
    ) -> None:
        """Set many edges at once; of a pair given twice the last one holds.

        All or nothing: bad input changes no edge.
        """
        if len(sources) != len(targets):
            raise GraphError(f"{len(sources)} sources, but {len(targets)} targets")
        stored = to_bytes(weights, len(sources))
        with self._lock:
            a = self._ids.many(sources, create=True)
            b = self._ids.many(targets, create=True)
            self._slabs.cover(self._ids.count)
            same = a == b
            if same.any():
                at = int(np.argmax(same))
                raise GraphError(f"{sources[at]!r} cannot trust themselves (edge {at})")
            self._put_many(a, b, stored)
            for who, held in self._blocks.items():
                for whom in held:
                    held[whom] = self._slabs.drop(who, whom) or held[whom]
            self._version += 1

    def remove_edge(self, source: Id, target: Id) -> bool:
        """Withdraw trust; False when there was none."""
        with self._lock:
            a, b = self._ids.find(source), self._ids.find(target)
            if a < 0 or b < 0:
                return False
            held = self._blocks.get(a, {})
            had = held.get(b, 0) or self._slabs.drop(a, b)
            if b in held:
                held[b] = 0
            self._version += 1
            return had > 0

    def block(self, source: Id, target: Id) -> None:
        """`source` wants nothing of `target`: no edge, no score, no way through them.

        Others are not touched by it. An edge is held back until `unblock`.
        """
        with self._lock:
            a, b = self._pair(source, target)
            held = self._blocks.setdefault(a, {})
            if b not in held:
                held[b] = self._slabs.drop(a, b)
            self._version += 1

    def unblock(self, source: Id, target: Id) -> None:
        """Take a block back; an edge that it held back is in force again."""
        with self._lock:
            a, b = self._ids.find(source), self._ids.find(target)
            held = self._blocks.get(a, {})
            weight = held.pop(b, 0)
            if a in self._blocks and not held:
                del self._blocks[a]
            if weight:
                self._slabs.put(a, b, weight)
            self._version += 1

    # -- reading ------------------------------------------------------------

    def edge_weight(self, source: Id, target: Id) -> float:
        """The weight of an edge in force, 0.0 when there is none."""
        with self._lock:
            a, b = self._ids.find(source), self._ids.find(target)
            return self._slabs.weight(a, b) / UNIT if a >= 0 and b >= 0 else 0.0

    def neighbours(self, who: Id) -> dict[Id, float]:
        """Whom a member trusts, and how much."""
        with self._lock:
            index = self._ids.find(who)
            if index < 0:
                return {}
            others, weights = self._slabs.run(index)
            return dict(zip(self._ids.names(others), (weights / UNIT).tolist(), strict=True))

    def blocked(self, who: Id) -> list[Id]:
        """Whom a member has blocked."""
        with self._lock:
            return [self._ids.of(i) for i in self._blocks.get(self._ids.find(who), {})]

    # -- for the other halves -----------------------------------------------

    def _blocked(self, index: int) -> Index | None:
        held = self._blocks.get(index)
        return np.fromiter(held, np.int32, len(held)) if held else None

    def _enter(self, who: Id) -> int:
        index = self._ids.add(who)
        self._slabs.cover(self._ids.count)
        return index

    def _pair(self, source: Id, target: Id) -> tuple[int, int]:
        if source == target:
            raise GraphError(f"{source!r} cannot trust or block themselves")
        return self._enter(source), self._enter(target)

    def _put_many(self, a: Index, b: Index, stored: Bytes) -> None:
        if a.shape[0] <= 4096 or a.shape[0] * 4 <= self._slabs.edges:
            self._slabs.put_many(a, b, stored)
            return
        if self._slabs.edges:
            old = self._slabs.listing()
            a, b = np.concatenate((old[0], a)), np.concatenate((old[1], b))
            stored = np.concatenate((old[2], stored))
        self._lay_out(a, b, stored)

    def _lay_out(self, a: Index, b: Index, stored: Bytes) -> None:
        """Lay out these edges alone, members by falling in-degree: who is met often lies together."""
        order = np.argsort(-np.bincount(b, minlength=self._ids.count), kind="stable")
        new = np.empty(self._ids.count, np.int32)
        new[order] = np.arange(self._ids.count, dtype=np.int32)
        self._slabs.rebuild(new[a], new[b], stored)
        self._ids.permute(new)
        self._blocks = {
            int(new[who]): {int(new[whom]): held for whom, held in blocked.items()}
            for who, blocked in self._blocks.items()
        }

    def _set(self, a: int, b: int, byte: int) -> None:
        held = self._blocks.get(a)
        if held is not None and b in held:
            held[b] = byte
        else:
            self._slabs.put(a, b, byte)
