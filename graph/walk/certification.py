"""Who is certified by the community.

Certification follows Advogato (Levien and Aiken 1998): trust flows from the
seeds, every member lets less through the further away they are and keeps one
unit; whoever gets a unit is certified. Attackers can certify no more accounts
than the members who were taken in let through.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.kinds import Index
from graph.store.weights import Bytes

CAPACITIES = (800, 200, 50, 12, 4, 2, 1)
ENDLESS = 2**30


def certified(
    members: int,
    edges: tuple[Index, Index, Bytes],
    seeds: Index,
    distance: NDArray[np.int64],
    capacities: tuple[int, ...] = CAPACITIES,
) -> NDArray[np.bool_]:
    """Who gets a unit of flow from the seeds; `distance` in hops, negative for out of reach."""
    from scipy import sparse  # noqa: PLC0415 - scipy: 25 MB and a fifth of a second, which most processes never need
    from scipy.sparse.csgraph import maximum_flow  # noqa: PLC0415 - the same

    level = np.clip(distance, 0, len(capacities) - 1)
    capacity = np.where(distance >= 0, np.array(capacities)[level], 0)
    sources, targets, _ = edges
    used = (distance[sources] >= 0) & (capacity[sources] > 1)
    everyone = np.flatnonzero(distance >= 0)
    start, sink = 2 * members, 2 * members + 1
    parts = (
        (seeds, np.full(seeds.shape[0], start), np.full(seeds.shape[0], ENDLESS), True),
        (2 * sources[used].astype(np.int64) + 1, 2 * targets[used].astype(np.int64), None, False),
        (2 * everyone, 2 * everyone + 1, capacity[everyone] - 1, False),
        (2 * everyone, np.full(everyone.shape[0], sink), np.ones(everyone.shape[0], np.int64), False),
    )
    tails, heads, sizes = [], [], []
    for first, second, size, seeding in parts:
        tails.append(second if seeding else first)
        heads.append(2 * first.astype(np.int64) if seeding else second)
        sizes.append(np.full(first.shape[0], ENDLESS) if size is None else size)
    shape = (2 * members + 2, 2 * members + 2)
    network: Any = sparse.csr_matrix(
        (np.concatenate(sizes).astype(np.int32), (np.concatenate(tails), np.concatenate(heads))), shape
    )
    flow = maximum_flow(network, start, sink).flow.tocsc()
    reached = flow.indices[flow.indptr[sink] : flow.indptr[sink + 1]]
    got = flow.data[flow.indptr[sink] : flow.indptr[sink + 1]]
    marked: NDArray[np.bool_] = np.zeros(members, np.bool_)
    marked[reached[got > 0] // 2] = True
    return marked
