"""A made-up community of any size: heavy tails, local circles, three strengths."""

import numpy as np
from numpy.typing import NDArray

LOCAL = 1 / 3  # of all edges lead to somebody close by
STRENGTHS = (0.3, 0.6, 1.0)


def heavy_tailed(
    nodes: int, edges: int, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """About `edges` edges: out- and in-degrees are Pareto, a third of them local, numbers shuffled.

    >>> sources, targets, weights = heavy_tailed(100, 1000)
    >>> bool((sources != targets).all()), sorted(set(weights.tolist()))
    (True, [0.3, 0.6, 1.0])
    """
    rng = np.random.default_rng(seed)
    active, known = 1 + rng.pareto(1.6, nodes), 1 + rng.pareto(1.2, nodes)
    sources = np.repeat(np.arange(nodes), rng.multinomial(edges, active / active.sum()))
    reach = np.cumsum(known / known.sum())
    targets = np.minimum(np.searchsorted(reach, rng.random(edges)), nodes - 1)
    local = rng.random(edges) < LOCAL
    targets[local] = (sources[local] + rng.integers(1, min(60, nodes), int(local.sum()))) % nodes
    number = rng.permutation(nodes)
    other = sources != targets
    weights = np.array(STRENGTHS)[rng.integers(0, len(STRENGTHS), int(other.sum()))]
    return number[sources[other]], number[targets[other]], weights
