"""Ways from a viewer to others: the strongest and the shortest.

All of it is exact on the whole graph and stops as soon as every target is
answered. The scratch is stamped, not cleared: a search costs what it visits.
"""

import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled, wide
from graph.kinds import Index
from graph.store.adjacency import Adjacency
from graph.store.weights import WEIGHTS, Bytes

Floats = NDArray[np.float64]

FAR = 2**31 - 1
PATIENCE = 100_000  # members to go through before asking whether there is a way at all


@compiled
def _climb(heap: Index, place: Index, value: Floats, at: int) -> None:
    """Move the member at `at` towards the top of a max-heap that knows the places."""
    member = heap[at]
    while at > 0:
        above = (at - 1) >> 1
        if value[heap[above]] >= value[member]:
            break
        heap[at] = heap[above]
        place[heap[at]] = at
        at = above
    heap[at] = member
    place[member] = at


@compiled
def _take(heap: Index, place: Index, value: Floats, length: int) -> int:
    """Take the best member out of a heap of `length`."""
    best = heap[0]
    last = heap[length - 1]
    length -= 1
    at = 0
    while True:
        below = 2 * at + 1
        if below >= length:
            break
        if below + 1 < length and value[heap[below + 1]] > value[heap[below]]:
            below += 1
        if value[last] >= value[heap[below]]:
            break
        heap[at] = heap[below]
        place[heap[at]] = at
        at = below
    if length > 0:
        heap[at] = last
        place[last] = at
    return wide(best)


@compiled
def strongest(
    rows: Index, pool: Index, wgt: Bytes,
    viewer: int, wanted: int, most: int, stamp: int, mark: Index, goal: Index, value: Floats,
    parent: Index, heap: Index, place: Index,
) -> int:  # fmt: skip
    """Best-first search on the product of normalised weights until `wanted` goals are met.

    After `most` members it gives up. Returns how many goals are still open.

    `mark[m] == stamp` says that `value` and `parent` of m are of this search,
    `stamp + 1` that they are final, `stamp + 2` that m takes no part.
    `goal[m] == stamp` marks the targets.
    """
    mark[viewer] = stamp
    value[viewer] = 1.0
    parent[viewer] = -1
    heap[0] = viewer
    place[viewer] = 0
    length = 1
    while length > 0 and wanted > 0 and most > 0:
        most -= 1
        member = _take(heap, place, value, length)
        length -= 1
        mark[member] = stamp + 1
        if goal[member] == stamp:
            wanted -= 1
        begin, count = wide(rows[4 * member]), wide(rows[4 * member + 1])
        base = 4 * (begin + rows[4 * member + 2])
        weight = 0.0
        for i in range(count):
            if mark[pool[begin + i]] != stamp + 2:
                weight += WEIGHTS[wgt[base + i]]
        if weight == 0.0:
            continue
        share = value[member] / weight
        for i in range(count):
            target = pool[begin + i]
            state = mark[target]
            if state == stamp + 1 or state == stamp + 2:
                continue
            strength = share * WEIGHTS[wgt[base + i]]
            if state != stamp:
                mark[target] = stamp
                value[target] = strength
                parent[target] = member
                heap[length] = target
                length += 1
                _climb(heap, place, value, length - 1)
            elif strength > value[target]:
                value[target] = strength
                parent[target] = member
                _climb(heap, place, value, wide(place[target]))
    return wanted


@compiled
def hops(
    rows: Index, pool: Index, viewer: int, wanted: int, cutoff: int, stamp: int,
    mark: Index, goal: Index, depth: Index, queue: Index,
) -> int:  # fmt: skip
    """Breadth-first search until `wanted` goals are met; how many members were seen."""
    mark[viewer] = stamp
    depth[viewer] = 0
    queue[0] = viewer
    head, tail = 0, 1
    if goal[viewer] == stamp:
        wanted -= 1
    while head < tail and wanted > 0:
        member = queue[head]
        head += 1
        if depth[member] >= cutoff:
            break
        for at in range(rows[4 * member], rows[4 * member] + rows[4 * member + 1]):
            target = pool[at]
            if mark[target] < stamp:
                mark[target] = stamp
                depth[target] = depth[member] + 1
                queue[tail] = target
                tail += 1
                if goal[target] == stamp:
                    wanted -= 1
    return tail


class Seeker:
    """The scratch space of searches on one graph; one search at a time."""

    def __init__(self) -> None:
        self._room = 0
        self._stamp = 1

    def _begin(self, members: int) -> int:
        if members > self._room:
            self._room = room = members + members // 4 + 16
            self._mark: Index = np.zeros(room, np.int32)
            self._goal: Index = np.zeros(room, np.int32)
            self._value: Floats = np.zeros(room, np.float64)
            self._parent: Index = np.zeros(room, np.int32)
            self._heap: Index = np.zeros(room, np.int32)
            self._place: Index = np.zeros(room, np.int32)
            self._stamp = 1
        if self._stamp > FAR - 64:
            self._mark[:] = 0
            self._goal[:] = 0
            self._stamp = 1
        self._stamp += 4
        return self._stamp

    def strongest(
        self, adjacency: Adjacency, viewer: int, targets: Index, blocked: Index | None
    ) -> list[list[int] | None]:
        """The way of the highest product of normalised weights to each target.

        Whoever cannot be reached would be sought among everybody, best first;
        so after a while reach alone is settled first, which is ten times cheaper.
        """
        found = self._strongest(adjacency, viewer, targets, blocked, PATIENCE)
        open_goals = [i for i, way in enumerate(found) if way is None]
        if open_goals and adjacency.members > PATIENCE:
            left = targets[open_goals]
            reached, _ = self.hops(adjacency, viewer, left, FAR, blocked)
            if reached.shape[0]:
                late = self._strongest(adjacency, viewer, reached, blocked, FAR)
                ways = dict(zip(reached.tolist(), late, strict=True))
                for i, target in zip(open_goals, left.tolist(), strict=True):
                    found[i] = ways.get(target)
        return found

    def _strongest(
        self, adjacency: Adjacency, viewer: int, targets: Index, blocked: Index | None, most: int
    ) -> list[list[int] | None]:
        stamp = self._begin(adjacency.members)
        if blocked is not None:
            self._mark[blocked] = stamp + 2
        self._goal[targets] = stamp
        strongest(
            adjacency.rows, adjacency.pool, adjacency.wgt,
            viewer, np.unique(targets).shape[0], most, stamp, self._mark, self._goal, self._value,
            self._parent, self._heap, self._place,
        )  # fmt: skip
        found: list[list[int] | None] = []
        for target in targets.tolist():
            if self._mark[target] != stamp + 1:
                found.append(None)
                continue
            way = [target]
            while way[-1] != viewer:
                way.append(int(self._parent[way[-1]]))
            found.append(way[::-1])
        return found

    def hops(
        self, adjacency: Adjacency, viewer: int, targets: Index | None, cutoff: int, blocked: Index | None
    ) -> tuple[Index, Index]:
        """Members and their distance: the targets that are reached, or all within `cutoff`."""
        stamp = self._begin(adjacency.members)
        if blocked is not None:
            self._mark[blocked] = stamp + 2
        wanted = FAR
        if targets is not None:
            self._goal[targets] = stamp
            wanted = np.unique(targets).shape[0]
        seen = hops(
            adjacency.rows, adjacency.pool, viewer, wanted, cutoff, stamp,
            self._mark, self._goal, self._place, self._heap,
        )  # fmt: skip
        members = self._heap[:seen].copy() if targets is None else targets
        members = members[self._mark[members] == stamp]
        return members, self._place[members]
