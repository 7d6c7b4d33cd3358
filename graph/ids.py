"""Members' names (str or int) and their dense 32-bit indices, in a few bytes each."""

import operator
from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled, wide
from graph.errors import GraphError

Id: TypeAlias = str | int
IntArray: TypeAlias = NDArray[np.int64]
Index: TypeAlias = NDArray[np.int32]

T = TypeVar("T", bound=np.generic)

EMPTY = -1
LARGEST = 2**31 - 2
_LOW, _HIGH = -(2**63), 2**63 - 1


@compiled
def _slot(key: int, size: int) -> int:
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
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
        if index >= 0 and keys[index] == key:
            return wide(index)
        at = at + 1 if at + 1 < size else 0


@compiled
def _enter(table: Index, keys: IntArray, key: int, index: int) -> None:
    size = table.shape[0]
    at = _slot(key, size)
    while table[at] >= 0:
        at = at + 1 if at + 1 < size else 0
    table[at] = index


@compiled
def _leave(table: Index, keys: IntArray, key: int) -> None:
    size = table.shape[0]
    at = _slot(key, size)
    while table[at] < 0 or keys[table[at]] != key:
        at = at + 1 if at + 1 < size else 0
    table[at] = -2


@compiled
def _refill(table: Index, keys: IntArray, plain: NDArray[np.bool_], count: int) -> None:
    table[:] = -1
    for index in range(count):
        if plain[index]:
            _enter(table, keys, keys[index], index)


@compiled
def _find_many(table: Index, keys: IntArray, wanted: IntArray, out: Index) -> int:
    missing = 0
    for i in range(wanted.shape[0]):
        out[i] = _find(table, keys, wanted[i])
        if out[i] < 0:
            missing += 1
    return missing


@compiled
def _enter_many(table: Index, keys: IntArray, wanted: IntArray, out: Index, count: int) -> int:
    for i in range(wanted.shape[0]):
        if out[i] < 0:
            found = _find(table, keys, wanted[i])
            if found < 0:
                found = count
                keys[count] = wanted[i]
                _enter(table, keys, wanted[i], count)
                count += 1
            out[i] = found
    return count


class Ids:
    """Two-way mapping between members' ids and indices.

    Integers that fit 64 bits live in an open-addressing table of 32-bit
    indices (14 bytes a member all in); anything else in a dictionary.

    >>> ids = Ids()
    >>> ids.add("ana"), ids.add(7), ids.add("ana")
    (0, 1, 0)
    >>> ids.find("nobody"), ids.of(1)
    (-1, 7)
    """

    def __init__(self) -> None:
        self.count = 0
        self.keys: IntArray = np.zeros(16, np.int64)
        self.table: Index = np.full(32, EMPTY, np.int32)
        self._tombs = 0
        self._index: dict[Id, int] = {}
        self._names: dict[int, Id] = {}
        self._free: list[int] = []

    def __len__(self) -> int:
        return self.count - len(self._free)

    @property
    def nbytes(self) -> int:
        small = 160 * len(self._index)  # two dictionary entries and a short string
        return self.keys.nbytes + self.table.nbytes + small

    def find(self, who: Id) -> int:
        """The index of `who`, or -1."""
        if isinstance(who, str):
            return self._index.get(who, -1)
        key = _integer(who)
        if _LOW <= key <= _HIGH:
            return int(_find(self.table, self.keys, key))
        return self._index.get(key, -1)

    def add(self, who: Id) -> int:
        """The index of `who`, made when there is none."""
        index = self.find(who)
        if index >= 0:
            return index
        if self._free:
            index = self._free.pop()
        else:
            self._reserve(self.count + 1)
            index = self.count
            self.count += 1
        if isinstance(who, str) or not _LOW <= _integer(who) <= _HIGH:
            name = who if isinstance(who, str) else _integer(who)
            self._index[name] = index
            self._names[index] = name
        else:
            key = _integer(who)
            self.keys[index] = key
            _enter(self.table, self.keys, key, index)
        return index

    def forget(self, who: Id) -> None:
        """Free the index of `who`, who must be known."""
        index = self.find(who)
        if index in self._names:
            del self._index[self._names.pop(index)]
        else:
            _leave(self.table, self.keys, int(self.keys[index]))
            self._tombs += 1
            if self._tombs * 4 > self.table.shape[0]:
                self._rehash(self.table.shape[0])
        self._free.append(index)

    def of(self, index: int) -> Id:
        """The id behind an index."""
        return self._names[index] if index in self._names else int(self.keys[index])

    def names(self, indices: Index) -> list[Id]:
        """The ids behind many indices."""
        plain: list[Id] = self.keys[indices].tolist()
        if self._names:
            names = self._names
            return [names.get(i, key) for i, key in zip(indices.tolist(), plain, strict=True)]
        return plain

    def all(self) -> list[Id]:
        """Every id, in the order of the indices."""
        return self.names(self.indices())

    def indices(self) -> Index:
        """Every index in use."""
        used = np.ones(self.count, bool)
        used[self._free] = False
        return np.flatnonzero(used).astype(np.int32)

    def many(self, who: Sequence[Id] | IntArray, *, create: bool) -> Index:
        """Indices of many ids; -1 for the unknown unless `create`."""
        wanted = as_integers(who)
        if wanted is None:
            step = self.add if create else self.find
            return np.fromiter((step(one) for one in who), np.int32, len(who))
        out = np.empty(wanted.shape[0], np.int32)
        missing = _find_many(self.table, self.keys, wanted, out)
        if missing and create:
            if missing > 64:  # the same newcomer may be missing many times over
                missing = np.unique(wanted[out < 0]).shape[0]
            self._reserve(self.count + missing)
            self.count = int(_enter_many(self.table, self.keys, wanted, out, self.count))
        return out

    @property
    def named(self) -> dict[int, Id]:
        """The indices whose ids are no 64-bit integers."""
        return self._names

    @property
    def free(self) -> list[int]:
        """The indices that are free."""
        return self._free

    def restore(
        self, count: int, keys: IntArray, table: Index,
        named: dict[int, Id], free: list[int],
    ) -> None:  # fmt: skip
        """Take over the arrays of a snapshot."""
        self.count, self.keys, self.table = count, keys, table
        self._names, self._free = named, free
        self._index = {name: i for i, name in named.items()}
        self._tombs = int((table == -2).sum())

    def permute(self, new: Index) -> None:
        """Give every index in use the number `new[index]`."""
        keys: IntArray = np.empty(self.count, np.int64)
        keys[new] = self.keys[: self.count]
        self.keys = keys
        self._names = {int(new[i]): name for i, name in self._names.items()}
        self._index = {name: i for i, name in self._names.items()}
        self._free = [int(new[i]) for i in self._free]
        self._rehash(_table_size(self.count))

    def _reserve(self, count: int) -> None:
        if count > LARGEST:
            raise GraphError("a trust graph holds at most 2^31 - 2 members")
        if count > self.keys.shape[0]:
            room = max(count, self.keys.shape[0] + self.keys.shape[0] // 4)
            self.keys = grown(self.keys, room)
        if (count + self._tombs) * 5 > self.table.shape[0] * 4:
            self._rehash(_table_size(count))

    def _rehash(self, size: int) -> None:
        self.table = np.empty(size, np.int32)
        self._tombs = 0
        plain = np.ones(self.count, bool)  # an integer's, not a name's nor free
        plain[list(self._names)] = False
        plain[self._free] = False
        _refill(self.table, self.keys, plain, self.count)


def _table_size(count: int) -> int:
    return count + count * 2 // 5 + 16


def grown(array: NDArray[T], room: int) -> NDArray[T]:
    """A longer copy, filled up with zeros."""
    longer = np.zeros(room, array.dtype)
    longer[: array.shape[0]] = array
    return longer


def as_integers(who: Sequence[Id] | IntArray) -> IntArray | None:
    """The ids as an int64 array, or None when some are strings or too large."""
    if not isinstance(who, np.ndarray):
        kinds = set(map(type, who))
        if kinds - {int, str} and any(issubclass(kind, bool) for kind in kinds):
            raise GraphError("an id is a str or an int, not a bool")
        if kinds - {int}:
            return None
        try:
            return np.fromiter(who, np.int64, len(who))
        except OverflowError:
            return None
    if who.ndim != 1:
        raise GraphError("ids come as a flat sequence")
    if who.dtype.kind == "i" or (who.dtype.kind == "u" and who.dtype.itemsize < 8):
        return np.ascontiguousarray(who, np.int64)
    return None


def _integer(who: object) -> int:
    if isinstance(who, bool | np.bool_):
        raise GraphError(f"an id is a str or an int, not {who!r}")
    try:
        return operator.index(who)  # type: ignore[arg-type]
    except TypeError:
        raise GraphError(f"an id is a str or an int, not {who!r}") from None


def listed(who: Iterable[Id] | Id) -> list[Id]:
    """One id or many, as a list."""
    return [who] if isinstance(who, str | int) else list(who)
