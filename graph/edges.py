"""The writing half of a trust graph: members, edges and blocks, changed in place."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import GraphError
from graph.ids import Id, Ids, Index, IntArray
from graph.slabs import UNIT, Bytes, Slabs
from graph.ties import REFERRAL, VOUCH, Tie, Ties, key_of, pair_of, strongest


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
    """Members and the weighted edges between them.

    `clock` tells the time (seconds since 1970) by which edges end.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = RLock()
        self._ids = Ids()
        self._slabs = Slabs()
        self._blocks: dict[int, dict[int, int]] = {}  # who: {whom: weight held back}
        self._reports: dict[int, set[int]] = {}  # who: {whom an upheld report of theirs names}
        self._ties = Ties()
        self._version = 0

    # -- size ---------------------------------------------------------------

    @property
    def version(self) -> int:
        """Grows with every change; what was computed at one version holds until the next."""
        with self._reading():
            return self._version

    @property
    def nodes(self) -> int:
        """How many members there are."""
        return len(self._ids)

    @property
    def edges(self) -> int:
        """How many ordered pairs are in force."""
        with self._reading():
            return self._slabs.edges

    @property
    def nbytes(self) -> int:
        """Bytes allocated for members and edges."""
        beside = 250 * (len(self._ties) + len(self._blocks) + len(self._reports))
        return self._ids.nbytes + self._slabs.nbytes + beside

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
            self._ties.forget(index)
            self._blocks.pop(index, None)
            self._reports.pop(index, None)
            for held in self._blocks.values():
                held.pop(index, None)
            for named in self._reports.values():
                named.discard(index)
            self._ids.forget(who)
            self._version += 1

    def add_edge(
        self,
        source: Id,
        target: Id,
        weight: float = 1.0,
        *,
        kind: str = VOUCH,
        topic: str | None = None,
        until: float | None = None,
    ) -> None:
        """Set the trust of `source` in `target`, replacing what there was of this kind and topic.

        Between two members the strongest tie counts. A tie with a topic counts
        fully when that topic is asked for and half elsewhere; one with `until`
        (seconds since 1970) ends by itself.

        >>> g = Edges()
        >>> g.add_edge("ana", "bo", weight=0.6)
        >>> g.add_edge("ana", "bo", weight=0.4, kind="referral")
        >>> g.edge_weight("ana", "bo"), g.edge_weight("bo", "ana")
        (0.6, 0.0)
        >>> g.remove_edge("ana", "bo", kind="vouch")
        True
        >>> g.edge_weight("ana", "bo")
        0.4
        """
        byte = to_byte(weight)
        if until is not None and math.isnan(until):
            raise GraphError("an edge cannot end at no time (NaN)")
        with self._lock:
            a, b = self._pair(source, target)
            if kind == VOUCH and topic is None and until is None and not self._ties:
                self._store(a, b, byte)
            else:
                self._add(a, b, Tie(kind, byte, topic, until))
            self._version += 1

    def add_edges(
        self,
        sources: Sequence[Id] | IntArray,
        targets: Sequence[Id] | IntArray,
        weights: ArrayLike | None = None,
        *,
        kind: str = VOUCH,
    ) -> None:
        """Set many edges at once; of a pair given twice the last one holds.

        All or nothing: bad input changes no edge. Vouches go in at memory's
        speed, other kinds one by one.
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
            special = np.full(a.shape[0], kind != VOUCH)
            if self._ties and not special.any():
                keys = np.fromiter(self._ties.made_of, np.int64, len(self._ties))
                special = np.isin(a.astype(np.int64) << 32 | b, keys)
            if special.any():
                self._put_many(a[~special], b[~special], stored[~special])
                one_by_one = (column[special].tolist() for column in (a, b, stored))
                for source, target, byte in zip(*one_by_one, strict=True):
                    self._add(source, target, Tie(kind, byte))
            else:
                self._put_many(a, b, stored)
            for who, held in self._blocks.items():
                for whom in held:
                    held[whom] = self._slabs.drop(who, whom) or held[whom]
            self._version += 1

    def remove_edge(self, source: Id, target: Id, *, kind: str | None = None, topic: str | None = None) -> bool:
        """Withdraw trust, all of it or one kind (and topic); False when there was none."""
        with self._reading():
            a, b = self._ids.find(source), self._ids.find(target)
            if a < 0 or b < 0:
                return False
            key = key_of(a, b)
            had = self._ties.of(key, self._stored(a, b))
            left = () if kind is None else tuple(t for t in had if (t.kind, t.topic) != (kind, topic))
            if len(left) == len(had):
                return False
            self._store(a, b, self._ties.set(key, left))
            self._version += 1
            return True

    # -- reading ------------------------------------------------------------

    def edge_weight(self, source: Id, target: Id) -> float:
        """The weight of an edge in force, 0.0 when there is none."""
        with self._reading():
            a, b = self._ids.find(source), self._ids.find(target)
            return self._slabs.weight(a, b) / UNIT if a >= 0 and b >= 0 else 0.0

    def neighbours(self, who: Id) -> dict[Id, float]:
        """Whom a member trusts, and how much."""
        with self._reading():
            index = self._ids.find(who)
            if index < 0:
                return {}
            others, weights = self._slabs.run(index)
            return dict(zip(self._ids.names(others), (weights / UNIT).tolist(), strict=True))

    def ties(self, source: Id, target: Id) -> tuple[Tie, ...]:
        """What an edge is made of; empty when there is none."""
        with self._reading():
            a, b = self._ids.find(source), self._ids.find(target)
            return self._ties.of(key_of(a, b), self._stored(a, b)) if a >= 0 and b >= 0 else ()

    # -- for the other halves -----------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """The graph as it is now: locked, and without what has ended meanwhile."""
        with self._lock:
            if self._ties.due(now := self._clock()):
                for key, byte in self._ties.ended(now).items():
                    self._store(*pair_of(key), byte)
                self._version += 1
            yield

    @contextmanager
    def _on_topic(self, topic: str | None) -> Iterator[None]:
        """The edges as they count for one topic, for the time of a query."""
        with self._reading():
            asked = {} if topic is None else self._ties.on_topic(topic)
            before = [(pair, self._slabs.weight(*pair)) for pair in map(pair_of, asked)]
            try:
                for (pair, byte), weight in zip(before, asked.values(), strict=True):
                    if byte:
                        self._slabs.put(*pair, weight)
                yield
            finally:
                for pair, byte in before:
                    if byte:
                        self._slabs.put(*pair, byte)

    def _enter(self, who: Id) -> int:
        index = self._ids.find(who)
        if index < 0:
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
        self._reports = {int(new[a]): {int(new[b]) for b in named} for a, named in self._reports.items()}
        self._ties.permute(new)

    def _add(self, a: int, b: int, tie: Tie) -> None:
        key = key_of(a, b)
        if tie.plain and key not in self._ties.made_of:
            self._store(a, b, tie.byte)
            return
        had = self._ties.of(key, self._stored(a, b))
        others = tuple(t for t in had if (t.kind, t.topic) != (tie.kind, tie.topic))
        self._store(a, b, self._ties.set(key, (*others, tie)))

    def _stored(self, a: int, b: int) -> int:
        """The weight of an edge, in force or held back by a block."""
        held = self._blocks.get(a)
        return held[b] if held is not None and b in held else self._slabs.weight(a, b)

    def _store(self, a: int, b: int, byte: int) -> None:
        held = self._blocks.get(a)
        if held is not None and b in held:
            held[b] = byte
        elif byte:
            self._slabs.put(a, b, byte)
        else:
            self._slabs.drop(a, b)

    def _borrowed(self, index: int) -> float:
        """The share of a member's trust that rests on referrals alone."""
        others, weights = self._slabs.run(index)
        if not self._ties or not others.shape[0]:
            return 0.0
        lent = 0
        for other, byte in zip(others.tolist(), weights.tolist(), strict=True):
            ties = self._ties.of(key_of(index, other), byte)
            if strongest(tuple(tie for tie in ties if tie.kind != REFERRAL)) < byte:
                lent += byte
        return lent / self._slabs.total(index)
