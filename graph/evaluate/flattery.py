"""Fakes among people to meet: what they gain by vouching for the very viewers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph import TrustGraph
from graph.evaluate.attacks import VIEWERS, attacked, pools
from graph.evaluate.data import Community, Flags, Floats, Numbers
from graph.evaluate.judging import BEST, mean

WALK, MEET = "walk", "people to meet"


@dataclass(frozen=True)
class Flattered:
    """How many fakes each way shows to each viewer, among ten."""

    name: str
    viewers: Numbers
    fooled: Flags  # who of them was taken in
    shown: dict[str, Floats]


def flattered(community: Community, count: int, number: int, seed: int) -> Iterator[Flattered]:
    """By the plain walk and by `people_to_meet`.

    Beside the bought edges each fake vouches for one of the viewers and for whom this one trusts, so that it is a
    co-truster and vouches back; and then those whom somebody was talked into vouching for vouch for every viewer.
    """
    viewers = np.random.default_rng(seed).permutation(np.unique(community.trust[:, 0]))[:VIEWERS]
    for taken, pool in pools(community).items():
        draw = np.random.default_rng(seed)
        graph, victims = attacked(community, count, draw.choice(pool, number), draw)
        fooled = np.isin(viewers, victims[:, 0])
        flatter(graph, community, viewers, count)
        yield Flattered(taken, viewers, fooled, shown(graph, community, viewers))
        for fake in np.unique(victims[:, 1]).tolist():
            graph.add_edges(np.full(viewers.shape[0], fake), viewers)
        yield Flattered(f"{taken}, for every viewer", viewers, fooled, shown(graph, community, viewers))


def flatter(graph: TrustGraph, community: Community, viewers: Numbers, count: int) -> None:
    """Let each fake vouch for one viewer, and for whom this viewer trusts."""
    for at in range(count):
        viewer = int(viewers[at % viewers.shape[0]])
        praised = np.append(community.trust[community.trust[:, 0] == viewer, 1], viewer)
        graph.add_edges(np.full(praised.shape[0], community.members + at), praised)


def shown(graph: TrustGraph, community: Community, viewers: Numbers) -> dict[str, Floats]:
    """How many of the ten people whom each viewer is shown are fakes, by either way."""
    counts: dict[str, list[int]] = {WALK: [], MEET: []}
    for viewer in viewers.tolist():
        known = graph.neighbours(viewer)
        walked = [who for who in graph.scores(viewer, BEST + len(known)) if who not in known][:BEST]
        met = [one.member for one in graph.people_to_meet(viewer, BEST)]
        for way, listed in ((WALK, walked), (MEET, met)):
            counts[way].append(sum(int(who) >= community.members for who in listed))
    return {way: np.array(found, np.float64) for way, found in counts.items()}


def listed(community: Community, count: int, number: int, seed: int) -> dict[str, dict[str, float]]:
    """The share of lists with a fake, those who were taken in told apart."""
    table = {}
    for one in flattered(community, count, number, seed):
        for way, places in one.shown.items():
            for whom, some in (
                ("", np.ones_like(one.fooled)),
                (", others", ~one.fooled),
                (", taken in", one.fooled),
            ):
                if some.any():
                    rows = mean("lists_with_a_fake", places[some] > 0) | mean("fakes_listed", places[some])
                    table[f"{way}, {one.name}{whom}"] = rows
    return table
