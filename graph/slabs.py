"""Edges in one pool: per member a run of neighbours and 8-bit weights, with slack to grow.

Five bytes an edge and twenty a member. A run that is full moves to a larger
place; the place it leaves is kept in a free list (by size class, linked
through the pool itself) and used again.
"""

import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled, wide
from graph.errors import GraphError
from graph.ids import Index, IntArray, grown

Bytes = NDArray[np.uint8]

UNIT = 250  # a weight of 1; multiples of 0.004 are exact, so are all strengths Kinmarket uses
CLASSES = 64

NEW, CHANGED, FULL = 1, 0, -1


@compiled
def class_room(size_class: int) -> int:
    """2, 3, 4, 6, 8, 12, 16, ...: the rooms that runs are given."""
    if size_class % 2:
        return 3 << (size_class // 2)
    return 2 << (size_class // 2)


@compiled
def _free(nbr: Index, free: IntArray, begin: int, room: int) -> None:
    if room < 2:
        return
    size_class = 0
    while class_room(size_class + 1) <= room:
        size_class += 1
    nbr[begin] = np.int32(free[size_class] & 0x7FFFFFFF)
    nbr[begin + 1] = np.int32(free[size_class] >> 31)
    free[size_class] = begin


@compiled
def put(
    nbr: Index, wgt: Bytes, start: IntArray, size: Index, room: Index, total: Index,
    free: IntArray, source: int, target: int, weight: int,
) -> int:  # fmt: skip
    """Set one edge; NEW, CHANGED, or FULL when the pool itself must grow first.

    `free[CLASSES]` is where the untouched tail of the pool begins.
    """
    begin, count = start[source], size[source]
    for at in range(begin, begin + count):
        if nbr[at] == target:
            total[source] += weight - np.int32(wgt[at])
            wgt[at] = weight
            return 0
    if count == room[source]:
        size_class = 0
        while class_room(size_class) <= count:
            size_class += 1
        place, larger = free[size_class], class_room(size_class)
        if place >= 0:
            free[size_class] = wide(nbr[place]) | (wide(nbr[place + 1]) << 31)
        else:
            place = free[-1]
            if place + larger > nbr.shape[0]:
                return -1
            free[-1] = place + larger
        for i in range(count):
            nbr[place + i] = nbr[begin + i]
            wgt[place + i] = wgt[begin + i]
        _free(nbr, free, begin, room[source])
        start[source] = place
        room[source] = larger
        begin = place
    nbr[begin + count] = target
    wgt[begin + count] = weight
    size[source] = count + 1
    total[source] += weight
    return 1


@compiled
def put_many(
    nbr: Index, wgt: Bytes, start: IntArray, size: Index, room: Index, total: Index,
    free: IntArray, sources: Index, targets: Index, weights: Bytes, counts: IntArray,
) -> None:  # fmt: skip
    """Set edges from `counts[0]` on; stop at the end or where the pool is full."""
    while counts[0] < sources.shape[0]:
        i = counts[0]
        done = put(nbr, wgt, start, size, room, total, free, sources[i], targets[i], wide(weights[i]))
        if done < 0:
            return
        counts[1] += done
        counts[0] = i + 1


@compiled
def drop(nbr: Index, wgt: Bytes, start: IntArray, size: Index, total: Index, source: int, target: int) -> int:
    """Take one edge out; its former weight, 0 when there was none."""
    begin = start[source]
    last = begin + size[source] - 1
    for at in range(begin, last + 1):
        if nbr[at] == target:
            weight = wide(wgt[at])
            nbr[at] = nbr[last]
            wgt[at] = wgt[last]
            size[source] -= 1
            total[source] -= weight
            return weight
    return 0


@compiled
def weight_of(nbr: Index, wgt: Bytes, start: IntArray, size: Index, source: int, target: int) -> int:
    """The stored weight of one edge, 0 when there is none."""
    for at in range(start[source], start[source] + size[source]):
        if nbr[at] == target:
            return wide(wgt[at])
    return 0


@compiled
def sources_of(nbr: Index, start: IntArray, size: Index, members: int, target: int) -> list[int]:
    """Who has an edge to `target`: a walk over the whole pool, for rare needs."""
    found = [wide(-1)]
    for source in range(members):
        for at in range(start[source], start[source] + size[source]):
            if nbr[at] == target:
                found.append(wide(source))  # noqa: PERF401 - numba knows no generators
    return found


@compiled
def count_sources(sources: Index, room: Index) -> None:
    """How many edges each member is about to get."""
    for i in range(sources.shape[0]):
        room[sources[i]] += 1


@compiled
def lay_out(room: Index, start: IntArray, members: int) -> int:
    """Give each run its place, with a little slack; the length of the pool."""
    place = 0
    for member in range(members):
        start[member] = place
        if room[member]:
            room[member] += 1 + room[member] // 16
        place += room[member]
    return place


@compiled
def fill(
    nbr: Index, wgt: Bytes, start: IntArray, size: Index, total: Index, members: int,
    sources: Index, targets: Index, weights: Bytes, seat: IntArray,
) -> int:  # fmt: skip
    """Distribute all edges over their runs; of a pair given twice the last one holds."""
    for i in range(sources.shape[0]):
        source = sources[i]
        at = start[source] + size[source]
        nbr[at] = targets[i]
        wgt[at] = weights[i]
        size[source] += 1
    edges = 0
    seat[:] = -1
    for member in range(members):
        begin = start[member]
        kept, weight = begin, 0
        for at in range(begin, begin + size[member]):
            target = nbr[at]
            seen = seat[target]
            if seen >= begin and seen < kept and nbr[seen] == target:
                weight += wide(wgt[at]) - wide(wgt[seen])
                wgt[seen] = wgt[at]
            else:
                seat[target] = kept
                nbr[kept] = target
                wgt[kept] = wgt[at]
                weight += wide(wgt[at])
                kept += 1
        size[member] = kept - begin
        total[member] = weight
        edges += kept - begin
    return edges


@compiled
def listing(
    nbr: Index, wgt: Bytes, start: IntArray, size: Index, members: int,
    sources: Index, targets: Index, weights: Bytes,
) -> None:  # fmt: skip
    """Write all edges, by source, into three arrays."""
    out = 0
    for source in range(members):
        for at in range(start[source], start[source] + size[source]):
            sources[out] = source
            targets[out] = nbr[at]
            weights[out] = wgt[at]
            out += 1


class Slabs:
    """The edges of a graph on indices; knows nothing of ids."""

    def __init__(self) -> None:
        self.members = 0
        self.edges = 0
        self.nbr: Index = np.zeros(64, np.int32)
        self.wgt: Bytes = np.zeros(64, np.uint8)
        self.start: IntArray = np.zeros(16, np.int64)
        self.size: Index = np.zeros(16, np.int32)
        self.room: Index = np.zeros(16, np.int32)
        self.total: Index = np.zeros(16, np.int32)
        self.free: IntArray = np.full(CLASSES + 1, -1, np.int64)
        self.free[-1] = 0

    @property
    def nbytes(self) -> int:
        pool = self.nbr.nbytes + self.wgt.nbytes
        return pool + self.start.nbytes + self.size.nbytes + self.room.nbytes + self.total.nbytes

    def cover(self, members: int) -> None:
        """Make room for members with indices below `members`."""
        if members > self.start.shape[0]:
            longer = max(members, self.start.shape[0] + self.start.shape[0] // 4)
            self.start = grown(self.start, longer)
            self.size = grown(self.size, longer)
            self.room = grown(self.room, longer)
            self.total = grown(self.total, longer)
        self.members = max(self.members, members)

    def put(self, source: int, target: int, weight: int) -> bool:
        """Set an edge; True when it is new."""
        done = FULL
        while done == FULL:
            done = put(
                self.nbr, self.wgt, self.start, self.size, self.room, self.total, self.free,
                source, target, weight,
            )  # fmt: skip
            if done == FULL:
                self._stretch(3 * int(self.size[source]) + 8)
        self.edges += done
        return done == NEW

    def put_many(self, sources: Index, targets: Index, weights: Bytes) -> None:
        """Set many edges; the last of a pair holds."""
        if sources.shape[0] > 4096 and sources.shape[0] * 4 > self.edges:
            self._rebuild(sources, targets, weights)
            return
        counts = np.zeros(2, np.int64)
        while counts[0] < sources.shape[0]:
            put_many(
                self.nbr, self.wgt, self.start, self.size, self.room, self.total, self.free,
                sources, targets, weights, counts,
            )  # fmt: skip
            if counts[0] < sources.shape[0]:
                self._stretch(3 * int(self.size[sources[counts[0]]]) + 8)
        self.edges += int(counts[1])

    def drop(self, source: int, target: int) -> int:
        """Take an edge out; its former weight, 0 when there was none."""
        weight = drop(self.nbr, self.wgt, self.start, self.size, self.total, source, target)
        self.edges -= weight > 0
        return weight

    def weight(self, source: int, target: int) -> int:
        """The stored weight of an edge, 0 when there is none."""
        return weight_of(self.nbr, self.wgt, self.start, self.size, source, target)

    def run(self, source: int) -> tuple[Index, Bytes]:
        """The neighbours of a member and the weights given to them, as views."""
        begin = int(self.start[source])
        end = begin + int(self.size[source])
        return self.nbr[begin:end], self.wgt[begin:end]

    def sources(self, target: int) -> list[int]:
        """Who has an edge to `target`."""
        return sources_of(self.nbr, self.start, self.size, self.members, target)[1:]

    def listing(self) -> tuple[Index, Index, Bytes]:
        """All edges as sources, targets and weights, by source."""
        sources = np.empty(self.edges, np.int32)
        targets = np.empty(self.edges, np.int32)
        weights = np.empty(self.edges, np.uint8)
        listing(self.nbr, self.wgt, self.start, self.size, self.members, sources, targets, weights)
        return sources, targets, weights

    def _stretch(self, more: int) -> None:
        length = self.nbr.shape[0] + max(more, self.nbr.shape[0] // 8)
        self.nbr = grown(self.nbr, length)
        self.wgt = grown(self.wgt, length)

    def _rebuild(self, sources: Index, targets: Index, weights: Bytes) -> None:
        if self.edges:
            old = self.listing()
            sources = np.concatenate((old[0], sources))
            targets = np.concatenate((old[1], targets))
            weights = np.concatenate((old[2], weights))
        room = np.zeros_like(self.room)
        if np.bincount(sources, minlength=1).max() > LARGEST_RUN:
            raise GraphError(f"a member gives trust to at most {LARGEST_RUN:,} others")
        count_sources(sources, room)
        length = lay_out(room, self.start, self.members)
        self.room = room
        self.nbr = np.zeros(length, np.int32)
        self.wgt = np.zeros(length, np.uint8)
        self.size = np.zeros_like(self.size)
        self.total = np.zeros_like(self.total)
        self.free = np.full(CLASSES + 1, -1, np.int64)
        self.free[-1] = length
        seat = np.empty(self.members, np.int64)
        self.edges = fill(
            self.nbr, self.wgt, self.start, self.size, self.total, self.members,
            sources, targets, weights, seat,
        )  # fmt: skip


LARGEST_RUN = (2**31 - 1) // (UNIT + 5)  # so that a run's total fits 32 bits
