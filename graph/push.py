"""Personalised PageRank by local forward push.

Andersen, Chung, Lang, "Local Graph Partitioning using PageRank Vectors",
FOCS 2006. Every member holds some settled score and some residual that has
not been passed on yet. Pushing a member settles `restart` of its residual and
hands the rest to its neighbours; a score is what has settled plus what would
settle of the residual. What walks back to the viewer (also from dead ends)
is a walk begun anew, so it is collected there and the result scaled once.

The threshold starts coarse and is refined until it is as fine as asked or
the budget of touched edges is spent: small communities get a nearly exact
answer, large ones an answer in bounded time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled, wide
from graph.ids import Index, IntArray
from graph.slabs import Bytes, Slabs

Floats = NDArray[np.float64]

RESTART = 0.5
COARSE = 1e-3
FINE = 1e-9
REFINE = 0.25
BUDGET = 150_000
BLOCKED = -1e30  # a residual no push can lift: the member takes no part

_BUCKETS = 8192  # eight an octave


@compiled
def push(  # noqa: C901, PLR0912 - one loop; numba inlines no closures over scratch
    nbr: Index, wgt: Bytes, start: IntArray, size: Index, total: Index,
    viewer: int, restart: float, coarse: float, fine: float, refine: float, budget: int,
    blocked: bool, settled: Floats, residual: Floats, queue: Index, touched: Index,
    counts: IntArray,
) -> None:  # fmt: skip
    """Push from `viewer`; leaves the touched members and the work done in `counts`.

    `settled` and `residual` must be zero (or BLOCKED) on entry.
    """
    mask = queue.shape[0] - 1
    head, tail, seen, work = 0, 1, 1, 0
    queue[0] = viewer
    touched[0] = viewer
    residual[viewer] = 1.0
    first = True
    threshold = coarse
    while True:
        while head != tail and work < budget:
            member = queue[head]
            head = (head + 1) & mask
            if member == viewer and not first:
                continue
            first = False
            amount = residual[member]
            residual[member] = 0.0
            settled[member] += restart * amount
            begin, count = start[member], size[member]
            weight = wide(total[member])
            work += count
            if blocked:
                weight = wide(0)
                for at in range(begin, begin + count):
                    if residual[nbr[at]] > -1.0:
                        weight += wide(wgt[at])
            if weight == 0:
                residual[viewer] += (1.0 - restart) * amount
                continue
            share = (1.0 - restart) * amount / weight
            for at in range(begin, begin + count):
                target = nbr[at]
                old = residual[target]
                new = old + share * wgt[at]
                residual[target] = new
                if old == 0.0 and settled[target] == 0.0:
                    touched[seen] = target
                    seen += 1
                if new > threshold and old <= threshold:
                    queue[tail] = target
                    tail = (tail + 1) & mask
        if work >= budget or threshold <= fine:
            break
        threshold = max(fine, threshold * refine)
        for i in range(seen):
            member = touched[i]
            if residual[member] > threshold and member != viewer:
                queue[tail] = member
                tail = (tail + 1) & mask
    counts[0] = seen
    counts[1] = work


@compiled
def harvest(
    viewer: int, restart: float, top: int, settled: Floats, residual: Floats, touched: Index,
    seen: int, values: Floats, histogram: IntArray, members: Index, scores: Floats,
) -> int:  # fmt: skip
    """Collect the `top` best touched members (unsorted, a few more) and clean the scratch."""
    back = residual[viewer]
    scale = 1.0 / (1.0 - back) if back < 1.0 else 0.0
    bits = values.view(np.int64)
    histogram[:] = 0
    for i in range(seen):
        member = touched[i]
        score = (settled[member] + restart * residual[member]) * scale
        settled[member] = 0.0
        residual[member] = 0.0
        if member == viewer or score < 1e-30:
            score = 0.0
        values[i] = score
        if score > 0.0:
            histogram[bits[i] >> 49] += 1
    bucket, above = histogram.shape[0] - 1, 0
    while bucket > 0 and above + histogram[bucket] < top:
        above += histogram[bucket]
        bucket -= 1
    kept = 0
    for i in range(seen):
        if values[i] > 0.0 and bits[i] >> 49 >= bucket:
            members[kept] = touched[i]
            scores[kept] = values[i]
            kept += 1
    return kept


@dataclass(frozen=True, slots=True)
class Pushed:
    """The members a push reached, best first, and how much work it was."""

    members: Index
    scores: Floats
    work: int


class Pusher:
    """The scratch space of pushes on one graph; one push at a time."""

    def __init__(self) -> None:
        self._room = 0
        self._histogram: IntArray = np.zeros(_BUCKETS, np.int64)
        self._counts: IntArray = np.zeros(2, np.int64)

    def _cover(self, members: int) -> None:
        if members <= self._room:
            return
        self._room = room = members + members // 4 + 16
        self._settled: Floats = np.zeros(room, np.float64)
        self._residual: Floats = np.zeros(room, np.float64)
        self._queue: Index = np.zeros(1 << (2 * room).bit_length(), np.int32)
        self._touched: Index = np.zeros(room, np.int32)
        self._values: Floats = np.zeros(room, np.float64)
        self._members: Index = np.zeros(room, np.int32)
        self._scores: Floats = np.zeros(room, np.float64)

    def run(
        self, slabs: Slabs, viewer: int, top: int, *, blocked: Index | None = None,
        restart: float = RESTART, fine: float = FINE, budget: int = BUDGET,
    ) -> Pushed:  # fmt: skip
        """The `top` best members for a viewer."""
        self._cover(slabs.members)
        if blocked is not None:
            self._residual[blocked] = BLOCKED
        push(
            slabs.nbr, slabs.wgt, slabs.start, slabs.size, slabs.total,
            viewer, restart, max(COARSE, fine), fine, REFINE, budget,
            blocked is not None, self._settled, self._residual, self._queue, self._touched,
            self._counts,
        )  # fmt: skip
        seen, work = int(self._counts[0]), int(self._counts[1])
        kept = harvest(
            viewer, restart, top, self._settled, self._residual, self._touched, seen,
            self._values, self._histogram, self._members, self._scores,
        )  # fmt: skip
        if blocked is not None:
            self._residual[blocked] = 0.0
        scores = self._scores[:kept]
        order = np.argsort(-np.round(scores, 12), kind="stable")[:top]
        return Pushed(self._members[order], scores[order], work)
