"""Edges in one pool: per member a run of neighbours and 8-bit weights, with slack to grow.

A member is a row of four 32-bit numbers (where the run begins, its size, its
room, the sum of its weights as a float), a run is `room` neighbours followed by `room`
bytes of weights: five bytes an edge and sixteen a member, and a push finds
what it needs side by side. A run that is full moves to a larger place; the
place it leaves is kept in a free list (by size class, linked through the pool
itself) and used again.
"""

import numpy as np

from graph.compiling import compiled, wide
from graph.errors import GraphError
from graph.kinds import Index, IntArray
from graph.store.ids import grown
from graph.store.incoming import Incoming
from graph.store.weights import WEIGHTS, Bytes

CLASSES = 64
MAX_POOL = 2**31 - 1

NEW, FULL = 1, -1


@compiled
def words(room: int) -> int:
    """How much of the pool a run with this room takes."""
    return room + (room + 3) // 4


@compiled
def class_room(size_class: int) -> int:
    """2, 3, 4, 6, 8, 12, 16, ...: the rooms that growing runs are given."""
    if size_class % 2:
        return 3 << (size_class // 2)
    return 2 << (size_class // 2)


@compiled
def _give_back(pool: Index, free: IntArray, begin: int, room: int) -> None:
    if room < 2:
        return
    size_class = 0
    while class_room(size_class + 1) <= room:
        size_class += 1
    pool[begin] = free[size_class]
    free[size_class] = begin


@compiled
def add_up(rows: Index, wgt: Bytes, member: int) -> None:
    """Write down the sum of a member's weights; anew, because differences of floats would drift."""
    count, base = wide(rows[4 * member + 1]), 4 * (wide(rows[4 * member]) + rows[4 * member + 2])
    total = 0.0
    for i in range(count):
        total += WEIGHTS[wgt[base + i]]
    rows.view(np.float32)[4 * member + 3] = total


@compiled
def put(rows: Index, pool: Index, wgt: Bytes, free: IntArray, source: int, target: int, weight: int) -> int:
    """Set one edge; 1 when new, 0 when changed, -1 when the pool itself must grow first.

    `wgt` is the pool seen as bytes; `free[-1]` is where its untouched tail begins.
    """
    row = 4 * source
    begin, count, room = wide(rows[row]), wide(rows[row + 1]), wide(rows[row + 2])
    for i in range(count):
        if pool[begin + i] == target:
            wgt[4 * (begin + room) + i] = weight
            add_up(rows, wgt, source)
            return 0
    if count == room:
        size_class = 0
        while class_room(size_class) <= count:
            size_class += 1
        place, larger = free[size_class], class_room(size_class)
        if place >= 0:
            free[size_class] = pool[place]
        else:
            place = free[-1]
            if place + words(larger) > pool.shape[0]:
                return -1
            free[-1] = place + words(larger)
        for i in range(count):
            pool[place + i] = pool[begin + i]
            wgt[4 * (place + larger) + i] = wgt[4 * (begin + room) + i]
        _give_back(pool, free, begin, room)
        begin, room = place, larger
        rows[row] = begin
        rows[row + 2] = room
    pool[begin + count] = target
    wgt[4 * (begin + room) + count] = weight
    rows[row + 1] += 1
    add_up(rows, wgt, source)
    return 1


@compiled
def put_many(
    rows: Index, pool: Index, wgt: Bytes, free: IntArray,
    sources: Index, targets: Index, weights: Bytes, counts: IntArray,
) -> None:  # fmt: skip
    """Set edges from `counts[0]` on; stop at the end or where the pool is full."""
    while counts[0] < sources.shape[0]:
        i = counts[0]
        done = put(rows, pool, wgt, free, wide(sources[i]), wide(targets[i]), wide(weights[i]))
        if done < 0:
            return
        counts[1] += done
        counts[0] = i + 1


@compiled
def drop(rows: Index, pool: Index, wgt: Bytes, source: int, target: int) -> int:
    """Take one edge out; its former weight, 0 when there was none."""
    row = 4 * source
    begin, count = wide(rows[row]), wide(rows[row + 1])
    base = 4 * (begin + wide(rows[row + 2]))
    for i in range(count):
        if pool[begin + i] == target:
            weight = wide(wgt[base + i])
            pool[begin + i] = pool[begin + count - 1]
            wgt[base + i] = wgt[base + count - 1]
            rows[row + 1] -= 1
            add_up(rows, wgt, source)
            return weight
    return wide(0)


@compiled
def weight_of(rows: Index, pool: Index, wgt: Bytes, source: int, target: int) -> int:
    """The stored weight of one edge, 0 when there is none."""
    row = 4 * source
    begin = wide(rows[row])
    for i in range(rows[row + 1]):
        if pool[begin + i] == target:
            return wide(wgt[4 * (begin + rows[row + 2]) + i])
    return wide(0)


@compiled
def sources_of(rows: Index, pool: Index, members: int, target: int) -> list[int]:
    """Who has an edge to `target`, after a -1: a walk over the whole pool, for rare needs."""
    found = [wide(-1)]
    for source in range(members):
        for at in range(rows[4 * source], rows[4 * source] + rows[4 * source + 1]):
            if pool[at] == target:
                found.append(wide(source))  # noqa: PERF401 - numba knows no generators
    return found


@compiled
def count_sources(rows: Index, sources: Index) -> None:
    """How many edges each member is about to get."""
    for i in range(sources.shape[0]):
        rows[4 * sources[i] + 2] += 1


@compiled
def lay_out(rows: Index, members: int) -> int:
    """Give each run its place, with a little slack; the length of the pool."""
    place = 0
    for member in range(members):
        room = wide(rows[4 * member + 2])
        room += (room + 7) // 16
        rows[4 * member + 2] = room
        rows[4 * member] = place
        place += words(room)
        if place > 2**31 - 1:
            return -1
    return place


@compiled
def fill(
    rows: Index, pool: Index, wgt: Bytes, members: int,
    sources: Index, targets: Index, weights: Bytes, seat: IntArray,
) -> int:  # fmt: skip
    """Distribute all edges over their runs; of a pair given twice the last one holds."""
    for i in range(sources.shape[0]):
        row = 4 * wide(sources[i])
        count = wide(rows[row + 1])
        pool[rows[row] + count] = targets[i]
        wgt[4 * (wide(rows[row]) + rows[row + 2]) + count] = weights[i]
        rows[row + 1] = count + 1
    edges = 0
    seat[:] = -1
    for member in range(members):
        begin = wide(rows[4 * member])
        base = 4 * (begin + rows[4 * member + 2])
        kept = 0
        for i in range(rows[4 * member + 1]):
            target = pool[begin + i]
            seen = seat[target] - begin
            if 0 <= seen < kept and pool[begin + seen] == target:
                wgt[base + seen] = wgt[base + i]
            else:
                seat[target] = begin + kept
                pool[begin + kept] = target
                wgt[base + kept] = wgt[base + i]
                kept += 1
        rows[4 * member + 1] = kept
        add_up(rows, wgt, member)
        edges += kept
    return edges


@compiled
def listing(rows: Index, pool: Index, wgt: Bytes, members: int, sources: Index, targets: Index, weights: Bytes) -> None:
    """Write all edges, by source, into three arrays."""
    out = 0
    for source in range(members):
        begin = wide(rows[4 * source])
        base = 4 * (begin + rows[4 * source + 2])
        for i in range(rows[4 * source + 1]):
            sources[out] = source
            targets[out] = pool[begin + i]
            weights[out] = wgt[base + i]
            out += 1


class Adjacency:
    """The edges of a graph on indices; knows nothing of ids."""

    def __init__(self) -> None:
        self.members = 0
        self.edges = 0
        self.rows: Index = np.zeros(64, np.int32)
        self._incoming: Incoming | None = None
        self.take(np.zeros(64, np.int32), empty_free_list())

    def take(self, pool: Index, free: IntArray) -> None:
        """Use this pool from now on."""
        self.pool = pool
        self.wgt: Bytes = pool.view(np.uint8)
        self.free = free

    @property
    def nbytes(self) -> int:
        back = 0 if self._incoming is None else self._incoming.nbytes
        return self.pool.nbytes + self.rows.nbytes + back

    def incoming(self) -> Incoming:
        """The edges the other way round; built here when they are not there."""
        if self._incoming is None:
            self._incoming = Incoming(self.rows, self.pool, self.members)
        self._incoming.cover(self.members)
        return self._incoming

    def cover(self, members: int) -> None:
        """Make room for members with indices below `members`."""
        if 4 * members > self.rows.shape[0]:
            self.rows = grown(self.rows, max(4 * members, self.rows.shape[0] // 16 * 20))
        self.members = max(self.members, members)

    def put(self, source: int, target: int, weight: int) -> bool:
        """Set an edge; True when it is new."""
        done = put(self.rows, self.pool, self.wgt, self.free, source, target, weight)
        while done == FULL:
            self._stretch(source)
            done = put(self.rows, self.pool, self.wgt, self.free, source, target, weight)
        self.edges += done
        if done == NEW and self._incoming is not None and not self._incoming.put(target, source):
            self._incoming = None
        return done == NEW

    def put_many(self, sources: Index, targets: Index, weights: Bytes) -> None:
        """Set many edges one by one; the last of a pair holds."""
        self._incoming = None
        counts = np.zeros(2, np.int64)
        while counts[0] < sources.shape[0]:
            put_many(self.rows, self.pool, self.wgt, self.free, sources, targets, weights, counts)
            if counts[0] < sources.shape[0]:
                self._stretch(int(sources[counts[0]]))
        self.edges += int(counts[1])

    def rebuild(self, members: int, sources: Index, targets: Index, weights: Bytes) -> None:
        """Lay out everything anew for these members and edges alone; the last of a pair holds."""
        rows: Index = np.zeros(4 * max(members, 16), np.int32)
        count_sources(rows, sources)
        length = lay_out(rows, members)
        if length < 0:
            raise GraphError("the graph holds at most some 1.7 thousand million edges")
        free = empty_free_list()
        free[-1] = length
        self._incoming = None
        self.members, self.rows = members, rows
        self.take(np.zeros(length, np.int32), free)
        seat = np.empty(self.members, np.int64)
        self.edges = fill(rows, self.pool, self.wgt, self.members, sources, targets, weights, seat)

    def drop(self, source: int, target: int) -> int:
        """Take an edge out; its former weight, 0 when there was none."""
        weight = drop(self.rows, self.pool, self.wgt, source, target)
        self.edges -= weight > 0
        if weight and self._incoming is not None:
            self._incoming.drop(target, source)
        return weight

    def weight(self, source: int, target: int) -> int:
        """The stored weight of an edge, 0 when there is none."""
        return weight_of(self.rows, self.pool, self.wgt, source, target)

    def total(self, source: int) -> float:
        """The sum of a member's weights."""
        return float(WEIGHTS[self.run(source)[1]].sum())

    def run(self, source: int) -> tuple[Index, Bytes]:
        """The neighbours of a member and the weights given to them, as views."""
        begin, size, room, _ = self.rows[4 * source : 4 * source + 4].tolist()
        base = 4 * (begin + room)
        return self.pool[begin : begin + size], self.wgt[base : base + size]

    def runs(self, members: Index) -> tuple[IntArray, IntArray, Index]:
        """Some members' rows, each neighbour's place in its run, and the neighbours, one after the other."""
        rows = self.rows.reshape(-1, 4)[members].astype(np.int64)
        begin, size = rows[:, 0], rows[:, 1]
        skipped = np.concatenate(([0], np.cumsum(size)[:-1]))[: size.shape[0]]
        within = np.arange(int(size.sum())) - np.repeat(skipped, size)
        return rows, within, self.pool[np.repeat(begin, size) + within]

    def sources(self, target: int) -> list[int]:
        """Who has an edge to `target`."""
        if self._incoming is not None:
            found: list[int] = self._incoming.of(target).tolist()
            return found
        return sources_of(self.rows, self.pool, self.members, target)[1:]

    def listing(self) -> tuple[Index, Index, Bytes]:
        """All edges as sources, targets and weights, by source."""
        sources = np.empty(self.edges, np.int32)
        targets = np.empty(self.edges, np.int32)
        weights = np.empty(self.edges, np.uint8)
        listing(self.rows, self.pool, self.wgt, self.members, sources, targets, weights)
        return sources, targets, weights

    def _stretch(self, source: int) -> None:
        size = int(self.rows[4 * source + 1])
        length = self.pool.shape[0] + max(3 * size + 16, self.pool.shape[0] // 16)
        if length > MAX_POOL:
            raise GraphError("the graph holds at most some 1.7 thousand million edges")
        pool = grown(self.pool, length)
        pool[self.pool.shape[0] :] = 0  # touched here at once: later each page would hold up one edge
        self.take(pool, self.free)


def empty_free_list() -> IntArray:
    """No free places, and a tail that begins at the beginning."""
    free = np.full(CLASSES + 1, -1, np.int64)
    free[-1] = 0
    return free
