"""Who likes what, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.arguments import as_id
from graph.errors import GraphError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Likes:
    """What each member says of which items, by member: one run for each."""

    def __init__(self, who: Numbers, what: Numbers, worth: Floats) -> None:
        self.members, rows = np.unique(who, return_inverse=True)
        self.items, columns = np.unique(what, return_inverse=True)
        order = np.argsort(rows, kind="stable")
        self._begin = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=self.members.shape[0]))))
        self._columns = columns[order].astype(np.int32)
        self._worth = worth[order].astype(np.float32)

    @property
    def nbytes(self) -> int:
        held = (self.members, self.items, self._begin, self._columns, self._worth)
        return sum(array.nbytes for array in held)

    def places(self, items: Numbers) -> Numbers:
        """Where some items stand; those that nobody has spoken of are left out."""
        return _found(self.items, items)[0]

    def weighed(self, scores: Mapping[Any, float]) -> tuple[Floats, Floats]:
        """What the members in `scores` say of every item, each by their score, and the scores of who speaks.

        Only numbers are members.
        """
        ids, given = numbered(scores)
        rows, known = _found(self.members, ids)
        begin, size = self._begin[rows], self._begin[rows + 1] - self._begin[rows]
        at = np.repeat(begin - np.concatenate(([0], np.cumsum(size)[:-1]))[: rows.shape[0]], size)
        at += np.arange(at.shape[0])
        weights = np.repeat(given[known], size) * self._worth[at]
        return np.asarray(np.bincount(self._columns[at], weights, self.items.shape[0]), np.float64), given[known]


def numbered(scores: Mapping[Any, float]) -> tuple[Numbers, Floats]:
    """Members by number, and what goes with each; others are left out."""
    found = {who: scores[who] for who in scores if isinstance(as_id(who), int) and -(2**63) <= who < 2**63}
    try:
        values = np.fromiter(found.values(), np.float64, len(found))
    except (TypeError, ValueError):
        raise GraphError("scores are numbers") from None
    return np.fromiter(found, np.int64, len(found)), values


def _found(sorted_ids: Numbers, wanted: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """The places of those that are there, and which these are."""
    if not sorted_ids.shape[0]:
        return np.zeros(0, np.int64), np.zeros(wanted.shape[0], np.bool_)
    place = np.minimum(np.searchsorted(sorted_ids, wanted), sorted_ids.shape[0] - 1)
    there = sorted_ids[place] == wanted
    return place[there], there
