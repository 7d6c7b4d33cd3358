"""How good an order of items is, and what is needed to mix several of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from graph.evaluate.data import Floats, Numbers
from graph.evaluate.methods import Score

BEST = 10
DEEP = 50  # so many of each method's best are the candidates of a mixture
CELLS = 8_000_000  # scores in memory at once
DISCOUNT: Floats = 1.0 / np.log2(np.arange(2, BEST + 2))


@dataclass(frozen=True)
class Sheet:
    """For some members: each method's best ten, and what every method says of the candidates."""

    names: tuple[str, ...]
    who: Numbers
    gains: dict[str, Floats]  # NDCG@10 of each member
    shown: dict[str, Numbers]  # the items
    items: Numbers  # the candidates, -1 where there are no more
    parts: NDArray[np.float32]  # members x candidates x methods, each between 0 and 1
    hits: NDArray[np.bool_]
    ideal: Floats

    def mixed(self, weights: Floats, rows: Numbers | None = None) -> tuple[Floats, Numbers]:
        """NDCG@10 of each member under a mixture of the methods, and the items shown."""
        at = np.arange(self.who.shape[0]) if rows is None else rows
        scores = self.parts[at] @ weights.astype(np.float32)
        scores[self.items[at] < 0] = -1.0
        best = _best(scores, BEST)
        line = np.arange(at.shape[0])[:, None]
        hits = self.hits[at][line, best] & (scores[line, best] > 0)
        return _gain(hits, self.ideal[at]), self.items[at][line, best]


def _best(scores: NDArray[Any], most: int) -> Numbers:
    """The columns of the highest scores of each row, best first."""
    most = min(most, scores.shape[1])
    if most == 0:
        return np.zeros((scores.shape[0], 0), np.int64)
    found = np.argpartition(-scores, most - 1, axis=1)[:, :most]
    rows = np.arange(scores.shape[0])[:, None]
    return np.asarray(found[rows, np.argsort(-scores[rows, found], axis=1, kind="stable")], np.int64)


def _gain(hits: NDArray[np.bool_], ideal: Floats) -> Floats:
    return np.asarray((hits @ DISCOUNT[: hits.shape[1]]) / ideal, np.float64)


def sheet(known: Any, hidden: Any, who: Numbers, methods: dict[str, Score], about: str) -> Sheet:
    """Ask every method for every member; items that a member is known to like are left out."""
    batch = max(1, min(256, CELLS // max(1, known.shape[1])))
    names = tuple(methods)
    gains: dict[str, list[Floats]] = {name: [] for name in names}
    shown: dict[str, list[Numbers]] = {name: [] for name in names}
    items, parts, hits, ideals = [], [], [], []
    for at in tqdm(range(0, who.shape[0], batch), about, file=sys.stderr):
        some = who[at : at + batch]
        wanted = np.asarray(hidden[some].todense()) > 0
        counts = np.minimum(wanted.sum(axis=1), BEST)
        ideal = np.concatenate(([1.0], np.cumsum(DISCOUNT)))[counts]
        mine = known[some].nonzero()
        tables, ups = [], []
        line = np.arange(some.shape[0])[:, None]
        for name in names:
            scores = np.asarray(methods[name](some), np.float64)
            np.maximum(scores, 0.0, out=scores)
            scores[mine] = -1.0
            best = _best(scores, DEEP)
            # What a method gives no score to, it does not show; popularity of all alike would.
            first = best[:, :BEST]
            gains[name].append(_gain(wanted[line, first] & (scores[line, first] > 0), ideal))
            shown[name].append(np.where(scores[line, first] > 0, first, -1))
            tables.append(scores)
            ups.append(best)
        chosen = _candidates(np.concatenate(ups, axis=1))
        seats = np.maximum(chosen, 0)
        values = np.stack([table[line, seats] for table in tables], axis=-1)
        tops = np.array([table.max(axis=1, initial=0.0) for table in tables]).T[:, None, :]
        values = np.divide(np.maximum(values, 0.0), tops, out=np.zeros_like(values), where=tops > 0)
        own = np.asarray(known[some].todense())[line, seats] > 0
        items.append(np.where(own, -1, chosen))
        parts.append(values.astype(np.float32))
        hits.append(wanted[line, seats])
        ideals.append(ideal)
    width = max((table.shape[1] for table in items), default=0)
    return Sheet(
        names,
        who,
        {name: np.concatenate(found) for name, found in gains.items() if found},
        {name: np.concatenate(found) for name, found in shown.items() if found},
        _stacked(items, width, -1),
        _stacked(parts, width, 0),
        _stacked(hits, width, 0),
        np.concatenate(ideals) if ideals else np.zeros(0),
    )


def _candidates(found: Numbers) -> Numbers:
    """Each row's different values, in front; -1 behind."""
    found = np.sort(found, axis=1)
    found[:, 1:][found[:, 1:] == found[:, :-1]] = -1
    found = -np.sort(-found, axis=1)
    return found[:, : max(1, int((found >= 0).sum(axis=1).max(initial=0)))]


def _stacked(tables: list[Any], width: int, empty: int) -> Any:
    if not tables:
        return np.zeros((0, 0, 0))
    return np.concatenate(
        [
            np.pad(
                t,
                [(0, 0), (0, width - t.shape[1]), *[(0, 0)] * (t.ndim - 2)],
                constant_values=empty,
            )
            for t in tables
        ]
    )


def standard_error(values: Any) -> float:
    """The standard error of a mean; 0 of less than two values."""
    count = len(values)
    return float(np.std(values, ddof=1) / np.sqrt(count)) if count > 1 else 0.0


def mean(name: str, values: Any) -> dict[str, float]:
    """A mean and its standard error by name; 0 of no values."""
    return {
        name: float(np.mean(values)) if len(values) else 0.0,
        f"se_{name}": standard_error(values),
    }


def figures(gains: Floats, shown: Numbers, items: int) -> dict[str, float]:
    """NDCG@10 and HR@10 with their standard errors, and the share of all items that somebody gets."""
    seen = np.unique(shown[shown >= 0]).shape[0]
    return {
        **mean("ndcg", gains),
        **mean("hr", gains > 0),
        "coverage": seen / max(1, items),
        "members": int(gains.shape[0]),
    }
