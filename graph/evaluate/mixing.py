"""A mixture of methods whose weights are learnt from members that it is not judged on."""

from __future__ import annotations

import numpy as np

from graph.evaluate.data import Floats, Numbers
from graph.evaluate.judging import Sheet

STEPS = (0.0, 0.1, 0.3, 1.0)
ROUNDS = 2
BAGS = 4
MOST = 400  # members in a draw
BETTER = 1.002  # by less, a change of a weight is chance


def learn(sheet: Sheet, rows: Numbers, names: tuple[str, ...], seed: int) -> Floats:
    """Weights of the sheet's methods: the mean over draws of the members, each climbed on its own.

    One draw is a coordinate search from the best single method. A single
    search follows the few members that happen to be there; the mean of
    several does so less.
    """
    rng = np.random.default_rng(seed)
    columns = [sheet.names.index(name) for name in names]
    total: Floats = np.zeros(len(sheet.names))
    for _ in range(BAGS):
        total += _climb(sheet, rng.choice(rows, min(MOST, rows.shape[0])), columns)
    return np.asarray(total / total.max(), np.float64)


def _climb(sheet: Sheet, rows: Numbers, columns: list[int]) -> Floats:
    def worth(weights: Floats) -> float:
        return float(sheet.mixed(weights, rows)[0].mean())

    single = np.eye(len(sheet.names))
    weights = max((single[column] for column in columns), key=worth).copy()
    best = worth(weights)
    for _ in range(ROUNDS):
        before = best
        for column in columns:
            for step in STEPS:
                if step == weights[column]:
                    continue
                trial = weights.copy()
                trial[column] = step
                if trial.any() and (found := worth(trial)) > best * BETTER:
                    weights, best = trial, found
        if best <= before:
            break
    return np.asarray(weights / weights.max())


def crossed(sheet: Sheet, names: tuple[str, ...], seed: int) -> tuple[Floats, Numbers, Floats]:
    """Each half of the members under weights that the other half chose: gains, items, mean weights."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(sheet.who.shape[0])
    halves = (order[::2], order[1::2])
    gains: Floats = np.zeros(order.shape[0])
    shown = np.full((order.shape[0], min(10, sheet.items.shape[1])), -1, np.int64)
    learnt = []
    for mine, other in (halves, halves[::-1]):
        weights = learn(sheet, other, names, seed)
        gains[mine], shown[mine] = sheet.mixed(weights, mine)
        learnt.append(weights)
    return gains, shown, np.mean(learnt, axis=0)
