"""The writing half of a trust graph: members, edges and blocks, changed in place."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

import numpy as np
from numpy.typing import ArrayLike

from graph.arguments import as_id, column, function, real, some_text, text
from graph.compiling import expect_edges
from graph.errors import GraphError
from graph.kinds import Id, Index, IntArray
from graph.store.adjacency import Adjacency
from graph.store.ids import Ids
from graph.store.ties import REFERRAL, VOUCH, Tie, Ties, key_of, pair_of, strongest
from graph.store.weights import WEIGHTS, Bytes, all_encoded, encoded

NOBODY = -1
FEW = 4096  # edges that are put in one by one, however small the graph


class Edges:
    """Members and the weighted edges between them.

    `clock` tells the time (seconds since 1970) by which edges end.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = function(clock, "clock")
        self._lock = RLock()
        self._ids = Ids()
        self._adjacency = Adjacency()
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
            return self._adjacency.edges

    @property
    def nbytes(self) -> int:
        """Bytes allocated for members and edges."""
        beside = 250 * (len(self._ties) + len(self._blocks) + len(self._reports))
        return self._ids.nbytes + self._adjacency.nbytes + beside

    def __len__(self) -> int:
        return self.nodes

    def __contains__(self, who: object) -> bool:
        with self._lock:
            try:
                return self._ids.find(who) >= 0
            except GraphError:  # what can't be an id is nobody's
                return False

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
            for other in self._adjacency.sources(index):
                self._adjacency.drop(other, index)
            for other in self._adjacency.run(index)[0].tolist():
                self._adjacency.drop(index, other)
            self._ties.forget(index)
            self._blocks.pop(index, None)
            self._reports.pop(index, None)
            for other in [other for other, held in self._blocks.items() if index in held]:
                self._lift(other, index)
            for other in [other for other, named in self._reports.items() if index in named]:
                self._unname(other, index)
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
        tie = Tie(
            text(kind, "kind"),
            encoded(weight),
            some_text(topic, "topic"),
            None if until is None else real(until, "until"),
        )
        with self._lock:
            self._add(*self._pair(source, target), tie)
            self._version += 1
            expect_edges(self._adjacency.edges)

    def add_edges(
        self,
        sources: Sequence[Id] | IntArray,
        targets: Sequence[Id] | IntArray,
        weights: ArrayLike | None = None,
        *,
        kind: str = VOUCH,
    ) -> None:
        """Set many edges at once; of a pair given twice the last one holds.

        All or nothing: bad input changes nothing. Vouches go in at memory's
        speed, other kinds one by one.
        """
        text(kind, "kind")
        givers, takers = column(sources), column(targets)
        if len(givers) != len(takers):
            raise GraphError(f"{len(givers)} sources, but {len(takers)} targets")
        codes = all_encoded(weights, len(givers))
        _refuse_selves(givers, takers)
        with self._lock:
            expect_edges(self._adjacency.edges + len(givers))
            a = self._ids.many(givers, create=True)
            b = self._ids.many(takers, create=True)
            self._adjacency.cover(self._ids.count)
            special = np.full(a.shape[0], kind != VOUCH)
            if self._ties and not special.any():
                keys = np.fromiter(self._ties.made_of, np.int64, len(self._ties))
                special = np.isin(a.astype(np.int64) << 32 | b, keys)
            # These first: the others may number everybody anew.
            for at in np.flatnonzero(special).tolist():
                self._add(int(a[at]), int(b[at]), Tie(kind, int(codes[at])))
            if not special.all():
                self._put_many(a[~special], b[~special], codes[~special])
            for who, held in self._blocks.items():
                for whom in held:
                    held[whom] = self._adjacency.drop(who, whom) or held[whom]
            self._version += 1

    def remove_edge(self, source: Id, target: Id, *, kind: str | None = None, topic: str | None = None) -> bool:
        """Withdraw trust, all of it or one kind (and topic); False when there was none."""
        with self._reading():
            a, b = self._ids.find(source), self._ids.find(target)
            if kind is not None:
                text(kind, "kind")
            some_text(topic, "topic")
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
            return float(WEIGHTS[self._adjacency.weight(a, b)]) if a >= 0 and b >= 0 else 0.0

    def neighbours(self, who: Id) -> dict[Id, float]:
        """Whom a member trusts, and how much."""
        with self._reading():
            index = self._ids.find(who)
            if index < 0:
                return {}
            others, weights = self._adjacency.run(index)
            return dict(zip(self._ids.names(others), WEIGHTS[weights].tolist(), strict=True))

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
                for key, code in self._ties.ended(now).items():
                    self._store(*pair_of(key), code)
                self._version += 1
            yield

    @contextmanager
    def _on_topic(self, topic: str | None) -> Iterator[None]:
        """The edges as they count for one topic, for the time of a query."""
        with self._reading():
            asked = {} if topic is None else self._ties.on_topic(text(topic, "topic"))
            before = {key: self._adjacency.weight(*pair_of(key)) for key in asked}
            try:
                for key, code in before.items():
                    if code:
                        self._adjacency.put(*pair_of(key), asked[key])
                yield
            finally:
                for key, code in before.items():
                    if code:
                        self._adjacency.put(*pair_of(key), code)

    def _enter(self, who: Id) -> int:
        index = self._ids.find(who)
        if index < 0:
            index = self._ids.add(who)
            self._adjacency.cover(self._ids.count)
        return index

    def _pair(self, source: Id, target: Id) -> tuple[int, int]:
        a, b = as_id(source), as_id(target)
        if a == b:
            raise GraphError(f"{a!r} cannot trust or block themselves")
        return self._enter(a), self._enter(b)

    def _put_many(self, a: Index, b: Index, codes: Bytes) -> None:
        if a.shape[0] <= FEW or a.shape[0] * 4 <= self._adjacency.edges:
            self._adjacency.put_many(a, b, codes)
            return
        if self._adjacency.edges:
            old = self._adjacency.listing()
            a, b = np.concatenate((old[0], a)), np.concatenate((old[1], b))
            codes = np.concatenate((old[2], codes))
        self._lay_out(a, b, codes)

    def _lay_out(self, a: Index, b: Index, codes: Bytes) -> None:
        """Lay out these edges alone, members by falling in-degree: who is met often lies together.

        Everybody gets a new index, and none is free afterwards.
        """
        used = self._ids.indices()
        order = used[np.argsort(-np.bincount(b, minlength=self._ids.count)[used], kind="stable")]
        new = np.full(self._ids.count, NOBODY, np.int32)
        new[order] = np.arange(order.shape[0], dtype=np.int32)
        self._adjacency.rebuild(order.shape[0], new[a], new[b], codes)
        self._ids.reorder(order)
        self._blocks = {
            int(new[who]): {int(new[whom]): held for whom, held in blocked.items()}
            for who, blocked in self._blocks.items()
        }
        self._reports = {int(new[a]): {int(new[b]) for b in named} for a, named in self._reports.items()}
        self._ties.permute(new)

    def _add(self, a: int, b: int, tie: Tie) -> None:
        key = key_of(a, b)
        if tie.plain and key not in self._ties.made_of:
            self._store(a, b, tie.code)
            return
        had = self._ties.of(key, self._stored(a, b))
        others = tuple(t for t in had if (t.kind, t.topic) != (tie.kind, tie.topic))
        self._store(a, b, self._ties.set(key, (*others, tie)))

    def _stored(self, a: int, b: int) -> int:
        """The weight of an edge, in force or held back by a block."""
        held = self._blocks.get(a)
        return held[b] if held is not None and b in held else self._adjacency.weight(a, b)

    def _store(self, a: int, b: int, code: int) -> None:
        held = self._blocks.get(a)
        if held is not None and b in held:
            held[b] = code
        elif code:
            self._adjacency.put(a, b, code)
        else:
            self._adjacency.drop(a, b)

    def _lift(self, a: int, b: int) -> int:
        """Take a block away; the code of the edge that it held back, 0 when none."""
        held = self._blocks.get(a, {})
        code = held.pop(b, 0)
        if not held:
            self._blocks.pop(a, None)
        return code

    def _unname(self, a: int, b: int) -> None:
        """Take a report away."""
        named = self._reports.get(a, set())
        named.discard(b)
        if not named:
            self._reports.pop(a, None)

    def _borrowed(self, index: int) -> float:
        """The share of a member's trust that rests on referrals alone."""
        others, codes = self._adjacency.run(index)
        if not self._ties or not others.shape[0]:
            return 0.0
        lent = 0.0
        for other, code in zip(others.tolist(), codes.tolist(), strict=True):
            ties = self._ties.of(key_of(index, other), code)
            if strongest(tuple(tie for tie in ties if tie.kind != REFERRAL)) < code:
                lent += WEIGHTS[code]
        return float(lent / self._adjacency.total(index))


def _refuse_selves(givers: IntArray | list[Id], takers: IntArray | list[Id]) -> None:
    if isinstance(givers, np.ndarray) and isinstance(takers, np.ndarray):
        same = np.flatnonzero(givers == takers)[:1].tolist()
    else:
        pairs = zip(_plain(givers), _plain(takers), strict=True)
        same = [at for at, (a, b) in enumerate(pairs) if a == b][:1]
    for at in same:
        raise GraphError(f"{_plain(givers)[at]!r} cannot trust themselves (edge {at})")


def _plain(ids: IntArray | list[Id]) -> list[Id]:
    return ids if isinstance(ids, list) else ids.tolist()
