"""Whom a viewer may want to meet: members beyond those trusted directly, by four signs.

The walk's own score; how many of the viewer's people trust somebody (two hops, by Adamic and Adar:
whom many trust says little of who they trust); whom those trust who trust the same people as the viewer
(co-trusters); and who vouches for the viewer already. The last two are gated by the square root of
the viewer's own score of the one who says so: by standing, fakes came into half of all lists.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.kinds import Index
from graph.store.adjacency import Adjacency

Floats = NDArray[np.float64]

MOST_EDGES = 100_000  # of the circle's vouches, the best trusted members' first
VOUCHED_BACK = 3.0
# Where those who trust somebody give fewer vouches than this on average, co-trusters and vouches for the
# viewer are too few to tell friends from fakes.
DENSE = 10.0


@dataclass(frozen=True, slots=True)
class Met:
    """Members whom the viewer does not trust directly, best first."""

    members: Index
    scores: Floats
    back: NDArray[np.bool_]  # who of them vouches for the viewer


def alike(adjacency: Adjacency, viewer: int, members: Index, scores: Floats) -> tuple[Index, Floats]:
    """Co-trusters among some members, best first: how alike their vouches are (cosine), gated by the score."""
    members, scores, sizes, givers, targets = _vouches(adjacency, members, scores)
    mine = adjacency.run(viewer)[0]
    found = _alike(mine, scores, sizes, givers, targets)
    return members[found > 0], found[found > 0]


def meet(adjacency: Adjacency, viewer: int, members: Index, scores: Floats, blocked: Index | None) -> Met:
    """Everybody within reach of the viewer's circle (`members`, best first) who is not trusted directly yet."""
    members, scores, sizes, givers, targets = _vouches(adjacency, members, scores)
    mine = adjacency.run(viewer)[0]
    known = np.append(mine, viewer) if blocked is None else np.concatenate((mine, [viewer], blocked))
    everybody, place = np.unique(np.concatenate((members, targets)), return_inverse=True)
    within, reached = place[: members.shape[0]], place[members.shape[0] :]
    new = ~np.isin(everybody, known)

    def spread(what: Floats) -> Floats:
        return np.asarray(np.bincount(reached, what[givers], everybody.shape[0]), np.float64)

    def share(what: Floats) -> Floats:
        top = float(what[new].max(initial=0.0))
        return what / top if top > 0 else np.zeros_like(what)

    def of_members(what: Floats) -> Floats:
        return np.asarray(np.bincount(within, what, everybody.shape[0]), np.float64)

    trusted = adjacency.incoming().rows[1::3][members].astype(np.float64)
    total = share(of_members(scores)) + share(spread(np.isin(members, mine) / np.log(2.0 + trusted)))
    back = of_members(np.bincount(givers[targets == viewer], minlength=members.shape[0]).astype(np.float64))
    if vouches_each(adjacency) >= DENSE:
        # Never more than the best trusted could say: else a lone fake who vouches for the viewer came first.
        total += np.minimum(spread(_alike(mine, scores, sizes, givers, targets)), 1.0)
        total += VOUCHED_BACK * back * share(of_members(np.sqrt(scores)))
    order = np.flatnonzero(new & (total > 0))
    order = order[np.argsort(-total[order], kind="stable")]
    return Met(everybody[order].astype(np.int32), total[order], back[order] > 0)


def vouches_each(adjacency: Adjacency) -> float:
    """How many vouches those give who give any, on average."""
    trusting = int(np.count_nonzero(adjacency.rows[1 : 4 * adjacency.members : 4]))
    return adjacency.edges / max(1, trusting)


def _vouches(
    adjacency: Adjacency, members: Index, scores: Floats
) -> tuple[Index, Floats, Floats, NDArray[np.int64], Index]:
    """The best of some members, how many vouches each gives, and these: by whom, for whom."""
    sizes = adjacency.rows[1 : 4 * adjacency.members : 4][members].astype(np.int64)
    most = int(np.searchsorted(np.cumsum(sizes), MOST_EDGES, "right"))
    members, scores = members[:most], scores[:most]
    _, _, targets = adjacency.runs(members)
    return members, scores, sizes[:most].astype(np.float64), np.repeat(np.arange(most), sizes[:most]), targets


def _alike(mine: Index, scores: Floats, sizes: Floats, givers: NDArray[np.int64], targets: Index) -> Floats:
    common = np.bincount(givers[np.isin(targets, mine)], minlength=scores.shape[0])
    gate = np.sqrt(scores / scores.max(initial=1e-300))
    return np.asarray(common / np.sqrt(np.maximum(sizes, 1.0) * max(1, mine.shape[0])) * gate, np.float64)
