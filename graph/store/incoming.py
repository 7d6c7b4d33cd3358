"""Who trusts a member: the edges the other way round, built when a search first asks for them.

A row is three 32-bit numbers (where the run begins, its size, its room), a run is sources. It
follows single changes; whatever lays out the edges anew drops it, and the next search builds it.
"""

import numpy as np

from graph.compiling import compiled, wide
from graph.kinds import Index, IntArray
from graph.store.ids import grown


@compiled
def _lay_out(rows: Index, pool: Index, members: int, back: Index) -> int:
    """Count who is trusted how often, and give each run its place with some slack."""
    for source in range(members):
        for at in range(rows[4 * source], rows[4 * source] + rows[4 * source + 1]):
            back[3 * pool[at] + 2] += 1
    place = 0
    for target in range(members):
        room = wide(back[3 * target + 2])
        room += (room + 7) // 8
        back[3 * target] = place
        back[3 * target + 2] = room
        place += room
    return place


@compiled
def _fill(rows: Index, pool: Index, members: int, back: Index, sources: Index) -> None:
    for source in range(members):
        for at in range(rows[4 * source], rows[4 * source] + rows[4 * source + 1]):
            row = 3 * wide(pool[at])
            sources[back[row] + back[row + 1]] = source
            back[row + 1] += 1


@compiled
def _put(back: Index, sources: Index, tail: IntArray, target: int, source: int) -> bool:
    """Note a new edge; False when there is no room for it."""
    row = 3 * target
    begin, count, room = wide(back[row]), wide(back[row + 1]), wide(back[row + 2])
    if count == room:
        room = 2 * room + 2
        if tail[0] + room > sources.shape[0]:
            return False
        for i in range(count):
            sources[tail[0] + i] = sources[begin + i]
        begin = tail[0]
        tail[0] += room
        back[row] = begin
        back[row + 2] = room
    sources[begin + count] = source
    back[row + 1] = count + 1
    return True


@compiled
def _drop(back: Index, sources: Index, target: int, source: int) -> None:
    row = 3 * target
    begin, last = wide(back[row]), wide(back[row]) + back[row + 1] - 1
    for at in range(begin, last + 1):
        if sources[at] == source:
            sources[at] = sources[last]
            back[row + 1] -= 1
            return


class Incoming:
    """The sources of each target; `rows` and `pool` are those of the edges themselves."""

    def __init__(self, rows: Index, pool: Index, members: int) -> None:
        self.rows: Index = np.zeros(3 * max(members, 16), np.int32)
        length = _lay_out(rows, pool, members, self.rows)
        self.sources: Index = np.zeros(length + length // 16 + 64, np.int32)
        self._tail: IntArray = np.array([length], np.int64)
        _fill(rows, pool, members, self.rows, self.sources)

    @property
    def nbytes(self) -> int:
        return self.rows.nbytes + self.sources.nbytes

    def put(self, target: int, source: int) -> bool:
        """Note a new edge; False when there is no room, and all is to be built anew."""
        if 3 * target >= self.rows.shape[0]:
            self.rows = grown(self.rows, max(3 * target + 3, self.rows.shape[0] // 12 * 15))
        return _put(self.rows, self.sources, self._tail, target, source)

    def drop(self, target: int, source: int) -> None:
        """Forget an edge that is no more."""
        _drop(self.rows, self.sources, target, source)

    def cover(self, members: int) -> None:
        """Have a row for everybody."""
        if 3 * members > self.rows.shape[0]:
            self.rows = grown(self.rows, 3 * members)

    def of(self, target: int) -> Index:
        """Who trusts a member, as a view."""
        begin, count, _ = self.rows[3 * target : 3 * target + 3].tolist()
        return self.sources[begin : begin + count]
