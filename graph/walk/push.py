"""Personalised PageRank by local forward push.

Andersen, Chung, Lang, "Local Graph Partitioning using PageRank Vectors",
FOCS 2006. Every member holds some settled score and some residual that has
not been passed on yet. Pushing a member settles `restart` of its residual and
hands the rest to its neighbours, or part of it to the viewer (`damping`, as
though everybody who trusts somebody gave the viewer that much too); a score is what has settled plus what would
settle of the residual. What walks back to the viewer (also from dead ends)
is a walk begun anew, so it is collected apart and the result scaled once.

The threshold starts coarse and is refined until it is as fine as asked or
the budget of touched edges is spent: small communities get a nearly exact
answer, large ones an answer in bounded time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled, double, prefetch, wide
from graph.kinds import Index, IntArray
from graph.store.adjacency import Adjacency
from graph.store.weights import WEIGHTS, Bytes

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

RESTART = 0.5
DAMPING = 2.0  # the weight of two full vouches, home from everybody who trusts somebody
COARSE = 1e-3
FINE = 1e-9
REFINE = 0.25
SCARCE, AMPLE = 4_000, 100_000  # the budget, in edges walked, of a large and of a small graph

# A residual of a member that has been reached is never quite zero, so that one read tells both.
REACHED = 1e-30
BLOCKED = -1e30  # a residual no push can lift: the member takes no part
_BUCKETS = 2048  # sixteen an octave


@compiled
def push(  # noqa: C901, PLR0912, PLR0915 - one loop over one scratch
    rows: Index, pool: Index, wgt: Bytes,
    viewer: int, restart: float, damping: float, coarse: float, fine: float, refine: float, budget: int,
    blocked: bool, settled: Singles, residual: Singles, queue: Index, touched: Index,
    pushed: Index, counts: IntArray,
) -> float:  # fmt: skip
    """Push from `viewer`; returns what came back there, before scaling.

    `settled` and `residual` must be zero (or BLOCKED) on entry. Who was
    reached is in `touched`, `counts` holds how many, and the edges walked; its
    third number is set when `touched` was too short to go on.
    """
    mask, totals = queue.shape[0] - 1, rows.view(np.float32)
    head, tail, seen, done, work = 0, 1, 0, 0, 0
    queue[0] = viewer
    residual[viewer] = 1.0
    returned = 0.0
    threshold = coarse
    while True:
        while head != tail and work < budget:
            member = wide(queue[head])
            # Everybody is noted once: a list as long as there are members is never too short.
            if seen + rows[4 * member + 1] > touched.shape[0] and touched.shape[0] < residual.shape[0]:
                counts[2] = seen + rows[4 * member + 1]
                work = budget
                break
            head = (head + 1) & mask
            prefetch(rows, 4 * wide(queue[(head + 12) & mask]))
            soon = 4 * wide(queue[(head + 6) & mask])
            prefetch(pool, wide(rows[soon]))
            prefetch(pool, wide(rows[soon]) + wide(rows[soon + 2]))
            soon = 4 * wide(queue[(head + 2) & mask])
            for i in range(min(wide(rows[soon + 1]), 16)):
                prefetch(residual, wide(pool[wide(rows[soon]) + i]))
            amount = double(residual[member])
            residual[member] = 1e-30
            if settled[member] == 0.0:
                pushed[done] = member
                done += 1
            settled[member] += amount
            begin, count = wide(rows[4 * member]), wide(rows[4 * member + 1])
            base = 4 * (begin + rows[4 * member + 2])
            weight = double(totals[4 * member + 3])
            work += count + 1
            if blocked:
                weight = 0.0
                for i in range(count):
                    if residual[pool[begin + i]] > -1.0:
                        weight += WEIGHTS[wgt[base + i]]
            if weight == 0.0:
                returned += (1.0 - restart) * amount
                continue
            share = (1.0 - restart) * amount / (weight + damping)
            returned += share * damping
            for i in range(count):
                target = pool[begin + i]
                if target == viewer:
                    returned += share * WEIGHTS[wgt[base + i]]
                    continue
                old = residual[target]
                new = old + share * WEIGHTS[wgt[base + i]]
                residual[target] = new
                if old == 0.0:
                    touched[seen] = target
                    seen += 1
                if new > threshold and old <= threshold:
                    queue[tail] = target
                    tail = (tail + 1) & mask
        if work >= budget or threshold <= fine:
            break
        threshold = max(fine, threshold * refine)
        for i in range(seen):
            member = wide(touched[i])
            if residual[member] > threshold:
                queue[tail] = member
                tail = (tail + 1) & mask
    for i in range(done):
        member = wide(pushed[i])
        residual[member] += settled[member]
        settled[member] = 0.0
    residual[viewer] = 0.0
    counts[0] = seen
    counts[1] = work
    return returned


@compiled
def rank(top: int, residual: Singles, touched: Index, seen: int, histogram: IntArray) -> int:
    """How many are in the buckets that hold the `top` best; the lowest of these to `histogram[-1]`."""
    bits = residual.view(np.int32)
    histogram[:] = 0
    for i in range(seen):
        histogram[bits[touched[i]] >> 19] += 1
    bucket, kept = histogram.shape[0] - 2, 0
    while bucket >= 0:
        kept += histogram[bucket]
        if kept >= top:
            break
        bucket -= 1
    histogram[-1] = bucket
    return kept


@compiled
def harvest(
    bucket: int, scale: float, residual: Singles, touched: Index, seen: int, members: Index, scores: Floats
) -> None:
    """Write down who is in the bucket or above, and leave the scratch clean."""
    bits = residual.view(np.int32)
    kept = 0
    for i in range(seen):
        member = touched[i]
        if bits[member] >> 19 >= bucket:
            members[kept] = member
            scores[kept] = residual[member] * scale
            kept += 1
        residual[member] = 0.0


def budget_for(edges: int) -> int:
    """How many edges a query may walk: all that helps in a small graph, what pays in a large one.

    Where edges no longer fit the cache each costs ten times as much, and the
    last per cent of the order costs ten times as many.
    """
    return max(SCARCE, min(AMPLE, 50_000_000_000 // (edges + 1)))


@dataclass(frozen=True, slots=True)
class Pushed:
    """The members a push reached, best first, and how much work it was."""

    members: Index
    scores: Floats
    work: int


class Pusher:
    """The scratch space of pushes on one graph; one push at a time."""

    def __init__(self) -> None:
        self._settled: Singles = np.zeros(0, np.float32)
        self._residual: Singles = np.zeros(0, np.float32)
        self._queue: Index = np.zeros(2, np.int32)
        self._touched: Index = np.zeros(1, np.int32)
        self._pushed: Index = np.zeros(1, np.int32)
        self._histogram: IntArray = np.zeros(_BUCKETS + 1, np.int64)
        self._counts: IntArray = np.zeros(3, np.int64)

    @property
    def nbytes(self) -> int:
        used = (self._settled, self._residual, self._queue, self._touched, self._pushed)
        return sum(array.nbytes for array in used)

    def _stretch(self, most: int) -> None:
        length = min(self._residual.shape[0], most)
        if length > self._touched.shape[0]:
            self._touched = np.zeros(length, np.int32)
            self._queue = np.zeros(1 << length.bit_length(), np.int32)

    def _cover(self, members: int, budget: int) -> None:
        if members > self._residual.shape[0]:
            room = members + members // 64 + 16
            self._settled = np.zeros(room, np.float32)
            self._residual = np.zeros(room, np.float32)
        if self._pushed.shape[0] < min(self._residual.shape[0], budget + 1):
            self._pushed = np.zeros(min(self._residual.shape[0], budget + 1), np.int32)

    def run(
        self, adjacency: Adjacency, viewer: int, top: int, *, blocked: Index | None = None,
        restart: float = RESTART, damping: float = 0.0,
        coarse: float = COARSE, fine: float = FINE, budget: int = 0,
    ) -> Pushed:  # fmt: skip
        """The `top` best members for a viewer."""
        budget = budget or budget_for(adjacency.edges)
        self._cover(adjacency.members, budget)
        self._stretch(2 * budget)
        if blocked is not None:
            self._residual[blocked] = BLOCKED
        while True:
            self._counts[2] = 0
            returned = push(
                adjacency.rows, adjacency.pool, adjacency.wgt,
                viewer, restart, damping, max(coarse, fine), fine, REFINE, budget,
                blocked is not None, self._settled, self._residual, self._queue, self._touched,
                self._pushed, self._counts,
            )  # fmt: skip
            seen, work, longer = self._counts.tolist()
            if not longer:
                break
            self._residual[self._touched[:seen]] = 0.0  # a hub: once more, with room for it
            self._stretch(longer + longer // 4)
        kept = rank(top, self._residual, self._touched, seen, self._histogram)
        members, scores = np.empty(kept, np.int32), np.empty(kept, np.float64)
        harvest(
            int(self._histogram[-1]), restart / (1.0 - returned), self._residual, self._touched, seen,
            members, scores,
        )  # fmt: skip
        if blocked is not None:
            self._residual[blocked] = 0.0
        order = np.argsort(scores)[::-1][:top]
        return Pushed(members[order], scores[order], work)
