"""What fake accounts can reach."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from tqdm import tqdm

from graph import TrustGraph
from graph.evaluate.data import Community, Flags
from graph.evaluate.judging import BEST, mean
from graph.evaluate.methods import Floats, Known, Method, Numbers, fitting, most_trusted
from graph.standing import budget

VIEWERS = 400
PROMOTERS, BOUGHT, STRENGTH = 500, 100, 0.6
DISGUISE = 5  # popular items that a promoter in a bandwagon recommends too
MAX_COPIED = 50  # recommendations that a promoter copies from one member
SOLD = 500  # vouches that the attacker of a thin community would buy
SELLERS = 0.05  # of those who trust somebody sell vouches


def attacked(community: Community, fakes: int, dupes: Numbers, rng: np.random.Generator) -> tuple[TrustGraph, Numbers]:
    """The community with fakes who trust each other, and members who were taken in, each by one of them."""
    graph = TrustGraph(damping=community.damping)
    graph.add_edges(community.trust[:, 0], community.trust[:, 1], community.weights)
    names = np.arange(community.members, community.members + fakes)
    pairs: Numbers = rng.integers(0, fakes, (2, 10 * fakes))
    pairs = pairs[:, pairs[0] != pairs[1]]
    graph.add_edges(names[pairs[0]], names[pairs[1]])
    victims = np.unique(np.column_stack((dupes, names[rng.integers(0, fakes, dupes.shape[0])])), axis=0)
    if victims.shape[0]:
        graph.add_edges(victims[:, 0], victims[:, 1], np.full(victims.shape[0], STRENGTH))
    return graph, victims


@dataclass(frozen=True)
class Gained:
    """What some fakes gain of each viewer."""

    viewers: Numbers
    fooled: Flags  # who of them was taken in
    masses: Floats  # the share of the viewer's trust
    places: Floats  # in the first hundred
    broken: int  # for so many the bound does not hold


def gained(community: Community, count: int, number: int, pool: Numbers, seed: int) -> Gained:
    """What so many fakes gain behind so many edges bought from members in the pool."""
    viewers = np.random.default_rng(seed).permutation(np.unique(community.trust[:, 0]))[:VIEWERS]
    draw = np.random.default_rng(seed)
    graph, victims = attacked(community, count, draw.choice(pool, number), draw)
    shares = {
        (a, b): graph.edge_weight(a, b) / (sum(graph.neighbours(a).values()) + graph.damping)
        for a, b in victims.tolist()
    }
    masses, places, broken = [], [], 0
    for viewer in tqdm(viewers.tolist(), f"{count} fakes", file=sys.stderr, leave=False):
        scores = graph.scores(viewer, top=graph.nodes)
        mass = sum(value for who, value in scores.items() if int(who) >= community.members)
        own = 1.0 - sum(scores.values())
        bound = sum((own if a == viewer else scores.get(a, 0.0)) * s for (a, _), s in shares.items())
        broken += mass > bound * 1.001 + 1e-5
        masses.append(mass)
        places.append(sum(int(who) >= community.members for who in list(scores)[:100]))
    return Gained(
        viewers,
        np.isin(viewers, victims[:, 0]),
        np.array(masses),
        np.array(places, np.float64),
        broken,
    )


def pools(community: Community) -> dict[str, Numbers]:
    """From whom vouches are bought: any members, or only those who trust somebody."""
    return {
        "any": np.arange(community.members),
        "trusting": np.unique(community.trust[:, 0]),
    }


def fakes(community: Community, counts: list[int], edges: list[int], seed: int) -> list[dict[str, Any]]:
    """What fakes behind bought edges gain: mass, places in a top 100, and the bound.

    Viewers are members who trust somebody. Those who are taken in are drawn
    from all members, and then from those who trust somebody, which is worse:
    others' trust passes through them. Whoever is taken in has given their own
    trust to a fake; the mass is also told without them.
    """
    table = []
    for taken, pool in pools(community).items():
        for count, number in product(counts, edges):
            found = gained(community, count, number, pool, seed)
            honest, taken_in = found.masses[~found.fooled], found.masses[found.fooled]
            table.append(
                {
                    "taken_in": taken,
                    "fakes": count,
                    "share": count / (count + community.members),
                    "attack_edges": number,
                    **mean("mean_mass", found.masses),
                    **mean("mean_of_others", honest),
                    **mean("mean_of_taken_in", taken_in),
                    "median_mass": float(np.median(found.masses)),
                    "worst_mass": float(found.masses.max(initial=0.0)),
                    **mean("in_top_100", found.places),
                    "bound_broken": found.broken,
                }
            )
    return table


def listed(community: Community, count: int, number: int, seed: int) -> dict[str, dict[str, float]]:
    """Fakes among ten people to meet, by the plain walk and by `people_to_meet`.

    Beside the bought edges the fakes flatter: each vouches for one of the viewers and for whom this one trusts,
    so that it is a co-truster and vouches back. Those who were taken in are told apart.
    """
    viewers = np.random.default_rng(seed).permutation(np.unique(community.trust[:, 0]))[:VIEWERS]
    table = {}
    for taken, pool in pools(community).items():
        draw = np.random.default_rng(seed)
        graph, victims = attacked(community, count, draw.choice(pool, number), draw)
        flatter(graph, community, viewers, count)
        fooled = np.isin(viewers, victims[:, 0])
        for way in ("walk", "people to meet"):
            places = np.array([_fakes_shown(graph, community, viewer, way) for viewer in viewers.tolist()])
            for whom, some in (
                ("", np.ones_like(fooled)),
                (", others", ~fooled),
                (", taken in", fooled),
            ):
                if some.any():
                    rows = mean("lists_with_a_fake", places[some] > 0) | mean("fakes_listed", places[some])
                    table[f"{way}, {taken}{whom}"] = rows
    return table


def flatter(graph: TrustGraph, community: Community, viewers: Numbers, count: int) -> None:
    """Let each fake vouch for one viewer, and for whom this viewer trusts."""
    for at in range(count):
        viewer = int(viewers[at % viewers.shape[0]])
        praised = np.append(community.trust[community.trust[:, 0] == viewer, 1], viewer)
        graph.add_edges(np.full(praised.shape[0], community.members + at), praised)


def _fakes_shown(graph: TrustGraph, community: Community, viewer: int, way: str) -> int:
    """How many of ten people whom the viewer does not trust yet are fakes."""
    if way == "people to meet":
        shown = [one.member for one in graph.people_to_meet(viewer, BEST)]
    else:
        known = graph.neighbours(viewer)
        shown = [who for who in graph.scores(viewer, BEST + len(known)) if who not in known][:BEST]
    return sum(int(who) >= community.members for who in shown)


def shilled(community: Community, copied: Numbers | None, rng: np.random.Generator) -> tuple[Numbers, Floats | None]:
    """What promoters recommend: one unknown item, and more to look like others.

    In a bandwagon each takes some of the most popular items; a copy takes over
    what one of these members recommends, so that whoever is like that member is like it.
    """
    target = community.items
    fakes = np.arange(PROMOTERS) + community.members
    if copied is not None:
        models = np.resize(rng.permutation(copied), PROMOTERS)
        taken = [
            (fake, item)
            for fake, model in zip(fakes.tolist(), models.tolist(), strict=True)
            for item in community.liked[community.liked[:, 0] == model, 1][:MAX_COPIED].tolist()
        ]
    else:
        popular = np.argsort(
            -np.bincount(community.liked[:, 1], minlength=community.items),
            kind="stable",
        )[:100]
        size = min(DISGUISE, popular.shape[0])
        worn = 1.0 / (10 + np.arange(popular.shape[0]))
        taken = [
            (fake, item)
            for fake in fakes.tolist()
            for item in rng.choice(popular, size, replace=False, p=worn / worn.sum()).tolist()
        ]
    pairs = np.array([*taken, *((fake, target) for fake in fakes.tolist())], np.int64)
    if community.times is None:
        return pairs, None
    return pairs, np.full(pairs.shape[0], community.times.max())


@dataclass(frozen=True)
class Campaign:
    """To which viewers each method shows the promoted item."""

    name: str
    viewers: Numbers
    fooled: Flags  # who of them was taken in
    shown: dict[str, Flags]


def campaigns(community: Community, seed: int, methods: dict[str, Method]) -> Iterator[Campaign]:
    """Fakes push one unknown item.

    As with `fakes`, the vouches are bought from any members, then from those who trust somebody. Fakes
    take what is popular, copy some members, or copy the very viewers.
    """
    rng = np.random.default_rng(seed)
    viewers = rng.permutation(np.intersect1d(community.trust[:, 0], community.liked[:, 0]))[:VIEWERS]
    if not viewers.shape[0]:
        return
    for taken, pool in pools(community).items():
        graph, victims = attacked(community, PROMOTERS, rng.choice(pool, BOUGHT), rng)
        raters = rng.choice(np.unique(community.liked[:, 0]), PROMOTERS)
        fooled = np.isin(viewers, victims[:, 0])
        for name, copied in (
            ("bandwagon", None),
            ("copies", raters),
            ("copies of viewers", viewers),
        ):
            found = reach(community, graph, viewers, shilled(community, copied, rng), methods)
            yield Campaign(f"{name}, {taken}", viewers, fooled, found)


def promote(community: Community, seed: int, methods: dict[str, Method]) -> dict[str, dict[str, float]]:
    """Which share of the viewers gets the promoted item in a top 10; those taken in are told apart."""
    reached = {}
    for one in campaigns(community, seed, methods):
        for whom, some in (
            ("", np.ones_like(one.fooled)),
            (", others", ~one.fooled),
            (", taken in", one.fooled),
        ):
            if some.any():
                rows = (mean(way, seen[some]) for way, seen in one.shown.items())
                reached[one.name + whom] = {name: value for row in rows for name, value in row.items()}
    return reached


def reach(
    community: Community,
    graph: TrustGraph,
    viewers: Numbers,
    pushed: tuple[Numbers, Floats | None],
    methods: dict[str, Method],
) -> dict[str, Flags]:
    """To which of the viewers each method shows the last item."""
    target, (pairs, times) = community.items, pushed
    shill = Community(
        community.members + PROMOTERS,
        community.items + 1,
        community.trust,
        community.weights,
        np.concatenate((community.liked, pairs)),
        None if times is None or community.times is None else np.concatenate((community.times, times)),
    )
    everything = np.ones(shill.liked.shape[0], np.bool_)
    # Seeds are named before the attack, as an operator does.
    known = Known(
        shill.matrix(everything),
        graph,
        most_trusted(community.trust),
        shill.liked,
        shill.times,
    )
    allowed = fitting(methods, timed=shill.times is not None, trusting=True)
    reached = {}
    for name, method in tqdm(allowed.items(), "promoting", file=sys.stderr):
        ask, shown = method(known), []
        for at in range(0, viewers.shape[0], 100):
            some = viewers[at : at + 100]
            scores = ask(some)
            scores[known.likes[some].nonzero()] = -np.inf
            above = (scores > scores[:, [target]]).sum(axis=1)
            shown.append((above < BEST) & (scores[:, target] > 0))
        reached[name] = np.concatenate(shown)
    return reached


def thin(community: Community, seed: int) -> dict[str, dict[str, float]]:
    """Who buys many vouches, with and without a vouch budget.

    Some members sell vouches until the attacker has enough. With the budget a
    seller has only what their standing allows, less what they have given away.
    Seeds: the most trusted before the attack.
    """
    rng = np.random.default_rng(seed)
    trusting = np.unique(community.trust[:, 0])
    sellers = rng.permutation(trusting)[: max(1, int(trusting.shape[0] * SELLERS))]
    honest = TrustGraph(damping=community.damping)
    honest.add_edges(community.trust[:, 0], community.trust[:, 1], community.weights)
    standing = honest.reputation(most_trusted(community.trust).tolist())
    given = np.bincount(community.trust[:, 0], minlength=community.members)
    each = int(np.ceil(SOLD / sellers.shape[0]))
    free = {
        seller: max(
            0,
            budget(standing.get(seller, 0.0), honest.nodes).trust - int(given[seller]),
        )
        for seller in sellers.tolist()
    }
    viewers = rng.permutation(trusting)[:VIEWERS].tolist()
    table = {}
    for name, most in (
        ("without", dict.fromkeys(free, each)),
        ("with the budget", free),
    ):
        dupes = np.array(
            [seller for seller in free for _ in range(min(each, most[seller]))],
            np.int64,
        )
        graph, victims = attacked(community, PROMOTERS, dupes, np.random.default_rng(seed))
        masses, seen = [], []
        for viewer in viewers:
            scores = graph.scores(viewer, top=graph.nodes)
            masses.append(sum(value for who, value in scores.items() if int(who) >= community.members))
            seen.append(any(int(who) >= community.members for who in list(scores)[:BEST]))
        table[name] = {
            "bought": int(victims.shape[0]),
            **mean("mean_mass", masses),
            **mean("a_fake_among_ten", seen),
        }
    return table
