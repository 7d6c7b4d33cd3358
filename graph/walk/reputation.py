"""Reputation in the whole community, seeded by members the operator names.

EigenTrust (Kamvar, Schlosser, Garcia-Molina 2003) with the restart at the
seeds, never uniform: a uniform restart would give fake accounts their share
by number.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from graph.compiling import compiled, double, wide
from graph.kinds import Index
from graph.store.adjacency import Adjacency
from graph.store.weights import WEIGHTS, Bytes

Floats = NDArray[np.float64]


@compiled
def spread(
    rows: Index, pool: Index, wgt: Bytes, members: int,
    rank: Floats, after: Floats, follow: float, damping: float,
) -> float:  # fmt: skip
    """One step of the walk into `after`; what goes home from dead ends and by `damping` is returned."""
    totals = rows.view(np.float32)
    lost = 0.0
    for member in range(members):
        amount = rank[member]
        if amount == 0.0:
            continue
        begin, count = wide(rows[4 * member]), wide(rows[4 * member + 1])
        if count == 0:
            lost += follow * amount
            continue
        base = 4 * (begin + rows[4 * member + 2])
        share = follow * amount / (double(totals[4 * member + 3]) + damping)
        lost += share * damping
        for i in range(count):
            after[pool[begin + i]] += share * WEIGHTS[wgt[base + i]]
    return lost


def reputation(
    adjacency: Adjacency, seeds: Index, restart: float, damping: float, tolerance: float,
    progress: Callable[[int, float], None] | None = None,
) -> Floats:  # fmt: skip
    """The stationary share of every member, to `tolerance` in total."""
    home = np.zeros(adjacency.members)
    home[seeds] = 1.0 / seeds.shape[0]
    rank = home.copy()
    for step in range(1, 1000):
        after = restart * home
        lost = spread(
            adjacency.rows, adjacency.pool, adjacency.wgt, adjacency.members,
            rank, after, 1.0 - restart, damping,
        )  # fmt: skip
        after += lost * home
        moved = float(np.abs(after - rank).sum())
        rank = after
        if progress:
            progress(step, moved)
        if moved <= tolerance:
            break
    return rank
