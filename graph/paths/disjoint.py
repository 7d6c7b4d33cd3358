"""How many ways to somebody share no member: augmenting paths, sought from both ends at once.

A member is two states: 2m "arriving at m" and 2m + 1 "leaving m"; the step between them is taken
by one way alone, so whoever is on no way yet is passed in one go and stands as 2m + 1 only. An
augmenting path may undo steps of the ways found before it. The search from the viewer and the one
from the target take turns, whichever has done less, and stop where they meet, or when one of them
has nowhere left to go: then there is no further way. So a narrow place near either end is found
out at once, where a search from one end goes through everybody.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled, wide
from graph.kinds import Index
from graph.store.adjacency import Adjacency

FAR = 2**31 - 1
NOBODY = -1
Flags = NDArray[np.bool_]


@compiled
def _augment(  # noqa: C901 - one path, walked forwards and back
    viewer: int, single: int, meeting: int, came: Index, leads: Index,
    before: Index, after: Index, way: Index, used: Index, listed: int,
) -> int:  # fmt: skip
    """Put the path through `meeting` in force: first what it undoes, then its own steps."""
    steps, state = 1, meeting
    while state != 2 * viewer + 1:
        state = wide(came[state])
        steps += 1
    at, state = steps - 1, meeting
    while at >= 0:
        way[at] = state
        state = wide(came[state])
        at -= 1
    state = wide(leads[meeting])
    while state >= 0:
        way[steps] = state
        steps += 1
        state = wide(leads[state])
    for i in range(steps - 1):
        source, to = wide(way[i] >> 1), wide(way[i + 1] >> 1)
        if way[i] & 1 == 0 and way[i + 1] & 1 == 1 and source != to:
            before[source] = -1
            after[to] = -1
    for i in range(steps - 1):
        source, to = wide(way[i] >> 1), wide(way[i + 1] >> 1)
        if way[i] & 1 == 1 and source != to:
            if source != viewer:
                after[source] = to
            if to != single:
                before[to] = source
                if listed < used.shape[0]:
                    used[listed] = to
                listed += 1
    return listed


@compiled
def _count(  # noqa: C901, PLR0912, PLR0915 - one search; its states share the scratch
    rows: Index, pool: Index, back: Index, sources: Index,
    viewer: int, single: int, goals: Index, cutoff: int, stamp: int, shut: Flags,
    ahead: Index, behind: Index, came: Index, leads: Index, front: Index, rear: Index,
    before: Index, after: Index, way: Index, used: Index,
) -> int:  # fmt: skip
    """The number of ways that share nobody, at most `cutoff`.

    With `single` >= 0 all end there; otherwise each ends at one of the `goals` of its own.
    `ahead` and `behind` hold `stamp` + round for states that were reached from the viewer and
    from the end; `came` and `leads` are the states before and after them. `before` and `after`
    are a member's neighbours on a way, else -1; they are left clean.
    """
    found, listed = 0, 0
    if single >= 0:
        for at in range(rows[4 * viewer], rows[4 * viewer] + rows[4 * viewer + 1]):
            if pool[at] == single:
                found = 1  # the direct step shares nobody with any other way
    while found < cutoff:
        visit = stamp + found
        head, tail, last, end, done, undone, meeting = 0, 1, 0, 0, 0, 0, -1
        front[0] = 2 * viewer + 1
        ahead[2 * viewer + 1] = visit
        if single >= 0:
            rear[0] = 2 * single
            behind[2 * single] = visit
            leads[2 * single] = -1
            end = 1
        for i in range(goals.shape[0]):
            state = 2 * wide(goals[i]) + 1
            if before[goals[i]] < 0:
                rear[end] = state
                behind[state] = visit
                leads[state] = -1
                end += 1
        while head < tail and last < end and meeting < 0:
            member, other = wide(front[head] >> 1), wide(rear[last] >> 1)
            if done + rows[4 * member + 1] <= undone + back[3 * other + 1]:
                state = wide(front[head])
                head += 1
                if state & 1 == 0:  # arrived at a member of a way: undo the step that led there
                    done += 1
                    state, to = wide(state), 2 * wide(before[member]) + 1
                    if ahead[to] != visit:
                        ahead[to] = visit
                        came[to] = state
                        front[tail] = to
                        tail += 1
                        if behind[to] == visit:
                            meeting = to
                    continue
                done += wide(rows[4 * member + 1]) + 1
                if member != viewer and before[member] >= 0 and ahead[2 * member] != visit:
                    to = 2 * member
                    ahead[to] = visit
                    came[to] = state
                    front[tail] = to
                    tail += 1
                    if behind[to] == visit:
                        meeting = to
                        break
                for at in range(rows[4 * member], rows[4 * member] + rows[4 * member + 1]):
                    target = wide(pool[at])
                    if target == viewer or shut[target] or before[target] == member:
                        continue
                    if target == single:
                        if member != viewer and after[member] != single:
                            leads[state] = 2 * single
                            meeting = state
                            break
                        continue
                    to = 2 * target if before[target] >= 0 else 2 * target + 1
                    if ahead[to] != visit:
                        ahead[to] = visit
                        came[to] = state
                        front[tail] = to
                        tail += 1
                        if behind[to] == visit:
                            meeting = to
                            break
                continue
            state = wide(rear[last])
            last += 1
            undone += 1
            if state & 1 == 1 and before[other] >= 0:  # left a member of a way: by undoing the next step
                if after[other] >= 0 and after[other] != single:
                    to = 2 * wide(after[other])
                    if behind[to] != visit:
                        behind[to] = visit
                        leads[to] = state
                        rear[end] = to
                        end += 1
                        if ahead[to] == visit:
                            meeting = to
                continue
            undone += wide(back[3 * other + 1])
            if state & 1 == 0 and other != single and behind[2 * other + 1] != visit:
                to = 2 * other + 1
                behind[to] = visit
                leads[to] = state
                rear[end] = to
                end += 1
                if ahead[to] == visit:
                    meeting = to
                    break
            for at in range(back[3 * other], back[3 * other] + back[3 * other + 1]):
                source = wide(sources[at])
                if source == single or shut[source] or before[other] == source:
                    continue
                if other == single and (source == viewer or after[source] == single):
                    continue
                to = 2 * source + 1
                if behind[to] != visit:
                    behind[to] = visit
                    leads[to] = state
                    rear[end] = to
                    end += 1
                    if ahead[to] == visit:
                        meeting = to
                        break
        if meeting < 0:
            break
        listed = _augment(viewer, single, meeting, came, leads, before, after, way, used, listed)
        found += 1
    for i in range(min(listed, used.shape[0])):
        before[used[i]] = -1
        after[used[i]] = -1
    if listed > used.shape[0]:
        before[:] = -1
        after[:] = -1
    return found


@compiled
def _count_each(
    rows: Index, pool: Index, back: Index, sources: Index,
    viewer: int, targets: Index, counts: Index, cutoff: int, stamp: int, shut: Flags,
    ahead: Index, behind: Index, came: Index, leads: Index, front: Index, rear: Index,
    before: Index, after: Index, way: Index, used: Index,
) -> None:  # fmt: skip
    """The number of ways to each target alone."""
    for i in range(targets.shape[0]):
        counts[i] = _count(
            rows, pool, back, sources, viewer, wide(targets[i]), targets[:0], cutoff, stamp, shut,
            ahead, behind, came, leads, front, rear, before, after, way, used,
        )  # fmt: skip
        stamp += cutoff + 1


class Counter:
    """The scratch space for counting ways on one graph; one search at a time."""

    def __init__(self) -> None:
        self._room = 0
        self._stamp = 1
        self._used: Index = np.zeros(4096, np.int32)
        self._scratch: tuple[Any, ...] = ()

    def together(self, adjacency: Adjacency, viewer: int, targets: Index, cutoff: int, blocked: Index | None) -> int:
        """How many ways lead to one target, or to different ones of several."""
        single = int(targets[0]) if targets.shape[0] == 1 else NOBODY
        goals = targets if single == NOBODY else targets[:0]
        back = adjacency.incoming()
        stamp = self._begin(adjacency.members, cutoff + 1, blocked)
        found = _count(
            adjacency.rows, adjacency.pool, back.rows, back.sources,
            viewer, single, goals, cutoff, stamp, *self._scratch,
        )  # fmt: skip
        self._end(blocked)
        return int(found)

    def each(self, adjacency: Adjacency, viewer: int, targets: Index, cutoff: int, blocked: Index | None) -> Index:
        """How many ways lead to each target, all looked at alone."""
        counts: Index = np.zeros(targets.shape[0], np.int32)
        back = adjacency.incoming()
        stamp = self._begin(adjacency.members, (cutoff + 1) * targets.shape[0], blocked)
        _count_each(
            adjacency.rows, adjacency.pool, back.rows, back.sources,
            viewer, targets, counts, cutoff, stamp, *self._scratch,
        )  # fmt: skip
        self._end(blocked)
        return counts

    def _begin(self, members: int, rounds: int, blocked: Index | None) -> int:
        if members > self._room:
            self._room = room = members + members // 4 + 16
            self._stamp = 1
            self._shut: Flags = np.zeros(room, np.bool_)
            self._marks = tuple(np.zeros(2 * room, np.int32) for _ in range(2))
            others = tuple(np.zeros(2 * room, np.int32) for _ in range(4))
            sides = tuple(np.full(room, NOBODY, np.int32) for _ in range(2))
            way = np.zeros(4 * room, np.int32)
            self._scratch = (self._shut, *self._marks, *others, *sides, way, self._used)
        if self._stamp > FAR - rounds - 64:
            for marks in self._marks:
                marks[:] = 0
            self._stamp = 1
        stamp = self._stamp
        self._stamp += rounds
        if blocked is not None:
            self._shut[blocked] = True
        return stamp

    def _end(self, blocked: Index | None) -> None:
        if blocked is not None:
            self._shut[blocked] = False
