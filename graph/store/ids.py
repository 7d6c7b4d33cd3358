"""Members' names (str or int) and their dense 32-bit indices, in a few bytes each."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.arguments import as_id
from graph.compiling import compiled, wide
from graph.errors import GraphError
from graph.kinds import Id, Index, IntArray

T = TypeVar("T", bound=np.generic)

EMPTY = -1
LARGEST = 2**31 - 2
_LOW, _HIGH = -(2**63), 2**63 - 1


@compiled
def _slot(key: int, size: int) -> int:
    mixed = np.uint64(wide(key)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    return wide(((mixed >> np.uint64(32)) * np.uint64(size)) >> np.uint64(32))


@compiled
def _find(table: Index, keys: IntArray, key: int) -> int:
    size = table.shape[0]
    at = _slot(key, size)
    while True:
        index = table[at]
        if index == -1:
            return -1
        if keys[index] == key:
            return wide(index)
        at = at + 1 if at + 1 < size else 0


@compiled
def _enter(table: Index, keys: IntArray, index: int) -> None:
    size = table.shape[0]
    at = _slot(keys[index], size)
    while table[at] >= 0:
        at = at + 1 if at + 1 < size else 0
    table[at] = index


@compiled
def _enter_all(table: Index, keys: IntArray, indices: Index) -> None:
    table[:] = -1
    for i in range(indices.shape[0]):
        _enter(table, keys, wide(indices[i]))


@compiled
def _leave(table: Index, keys: IntArray, index: int) -> None:
    """Take an entry out and close the gap, so that a look-up still ends at the first empty place."""
    size = table.shape[0]
    gap = _slot(keys[index], size)
    while table[gap] != index:
        gap = gap + 1 if gap + 1 < size else 0
    at = gap
    while True:
        at = at + 1 if at + 1 < size else 0
        other = table[at]
        if other == -1:
            break
        # It may move if the gap lies on the way from its own slot to where it is.
        if (at - _slot(keys[other], size)) % size >= (at - gap) % size:
            table[gap] = other
            gap = at
    table[gap] = -1


@compiled
def _find_many(table: Index, keys: IntArray, wanted: IntArray, out: Index) -> int:
    missing = 0
    for i in range(wanted.shape[0]):
        out[i] = _find(table, keys, wanted[i])
        if out[i] < 0:
            missing += 1
    return missing


@compiled
def _enter_many(table: Index, keys: IntArray, wanted: IntArray, out: Index, new: Index) -> None:
    """Give those that are missing the `new` indices, of which there are as many."""
    used = 0
    for i in range(wanted.shape[0]):
        if out[i] < 0:
            found = _find(table, keys, wanted[i])
            if found < 0:
                found = wide(new[used])
                used += 1
                keys[found] = wanted[i]
                _enter(table, keys, found)
            out[i] = found


class Ids:
    """Two-way mapping between members' ids and indices.

    Integers that fit 64 bits live in an open-addressing table of 32-bit
    indices (14 bytes a member all in); anything else in a dictionary. The
    table is larger than there are indices, and holds nothing but those in
    use: so it is never full.

    >>> ids = Ids()
    >>> ids.add("ana"), ids.add(7), ids.add("ana")
    (0, 1, 0)
    >>> ids.find("nobody"), ids.of(1)
    (-1, 7)
    """

    def __init__(self) -> None:
        self.count = 0  # indices ever given; those given back are in `free`
        self.keys: IntArray = np.zeros(16, np.int64)
        self.table: Index = np.full(_table_size(16), EMPTY, np.int32)
        self.free: list[int] = []
        self.named: dict[int, Id] = {}  # the indices whose ids are no 64-bit integers
        self._index: dict[Id, int] = {}

    def __len__(self) -> int:
        return self.count - len(self.free)

    @property
    def nbytes(self) -> int:
        small = 160 * len(self._index)  # two dictionary entries and a short string
        return self.keys.nbytes + self.table.nbytes + small

    def find(self, who: object) -> int:
        """The index of `who`, or -1."""
        key = as_id(who)
        if isinstance(key, int) and _LOW <= key <= _HIGH:
            return int(_find(self.table, self.keys, key))
        return self._index.get(key, -1)

    def add(self, who: object) -> int:
        """The index of `who`, made when there is none."""
        key = as_id(who)
        index = self.find(key)
        if index < 0:
            index = int(self._fresh(1)[0])
            if isinstance(key, int) and _LOW <= key <= _HIGH:
                self.keys[index] = key
                _enter(self.table, self.keys, index)
            else:
                self._index[key] = index
                self.named[index] = key
        return index

    def forget(self, who: object) -> None:
        """Free the index of `who`, who must be known."""
        index = self.find(who)
        if index in self.named:
            del self._index[self.named.pop(index)]
        else:
            _leave(self.table, self.keys, index)
        self.free.append(index)

    def of(self, index: int) -> Id:
        """The id behind an index."""
        return self.named[index] if index in self.named else int(self.keys[index])

    def names(self, indices: Index) -> list[Id]:
        """The ids behind many indices."""
        plain: list[Id] = self.keys[indices].tolist()
        if self.named:
            named = self.named
            return [named.get(i, key) for i, key in zip(indices.tolist(), plain, strict=True)]
        return plain

    def all(self) -> list[Id]:
        """Every id, in the order of the indices."""
        return self.names(self.indices())

    def indices(self) -> Index:
        """Every index in use."""
        used = np.ones(self.count, bool)
        used[self.free] = False
        return np.flatnonzero(used).astype(np.int32)

    def many(self, who: IntArray | list[Id], *, create: bool) -> Index:
        """Indices of many ids, as `column` gives them; -1 for the unknown unless `create`."""
        if not isinstance(who, np.ndarray):
            step = self.add if create else self.find
            return np.fromiter((step(one) for one in who), np.int32, len(who))
        out = np.empty(who.shape[0], np.int32)
        missing = _find_many(self.table, self.keys, who, out)
        if missing and create:
            # The same newcomer may be missing many times over.
            new = self._fresh(np.unique(who[out < 0]).shape[0])
            _enter_many(self.table, self.keys, who, out, new)
        return out

    def restore(self, keys: IntArray, table: Index, named: dict[int, Id]) -> None:
        """Take over the arrays of a snapshot, which has no free indices."""
        self.count, self.keys, self.table, self.free = keys.shape[0], keys, table, []
        self.named = named
        self._index = {name: i for i, name in named.items()}

    def reorder(self, order: Index) -> None:
        """Number those in use anew: `order` holds each of their indices once, the new first at the front."""
        new = np.full(self.count, EMPTY, np.int32)
        new[order] = np.arange(order.shape[0], dtype=np.int32)
        self.count, self.keys, self.free = order.shape[0], self.keys[order], []
        self.named = {int(new[i]): name for i, name in self.named.items()}
        self._index = {name: i for i, name in self.named.items()}
        self._rehash()

    def _fresh(self, wanted: int) -> Index:
        """So many indices, first those that were given back."""
        again = min(wanted, len(self.free))
        count = self.count + wanted - again
        if count > LARGEST:
            raise GraphError("a trust graph holds at most 2^31 - 2 members")
        if count > self.keys.shape[0]:
            self.keys = grown(self.keys, max(count, self.keys.shape[0] + self.keys.shape[0] // 4))
            self._rehash()
        new = np.empty(wanted, np.int32)
        new[:again] = self.free[len(self.free) - again :]
        new[again:] = np.arange(self.count, count)
        del self.free[len(self.free) - again :]
        self.count = count
        return new

    def _rehash(self) -> None:
        """A table for as many as there are keys; whoever is in use is entered."""
        plain = np.ones(self.count, bool)
        plain[self.free] = False
        plain[list(self.named)] = False
        self.table = np.empty(_table_size(self.keys.shape[0]), np.int32)
        _enter_all(self.table, self.keys, np.flatnonzero(plain).astype(np.int32))


def _table_size(keys: int) -> int:
    return keys + keys * 2 // 5 + 16


def grown(array: NDArray[T], room: int) -> NDArray[T]:
    """A longer copy, filled up with zeros."""
    longer = np.zeros(room, array.dtype)
    longer[: array.shape[0]] = array
    return longer
