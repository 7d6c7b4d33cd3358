"""Who will be trusted next, and what fake accounts can reach."""

from __future__ import annotations

import sys
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from graph import TrustGraph
from graph.evaluate.data import Community
from graph.evaluate.judging import BEST
from graph.evaluate.methods import METHODS, Floats, Known, Numbers, fitting, most_trusted
from graph.standing import budget

HIDDEN = 0.2
VIEWERS = 400
PROMOTERS, BOUGHT, STRENGTH = 500, 100, 0.6
DISGUISE = 5  # popular items that a promoter in a bandwagon recommends too
MAX_COPIED = 50  # recommendations that a promoter copies from one member
PROMOTED = ("popularity", "recent", "seeded", "item-CF", "user-CF", "EASE", "ALS", "trust", "kinmarket")
SOLD = 500  # vouches that the attacker of a thin community would buy
SELLERS = 0.05  # of those who trust somebody sell vouches


def future(community: Community, seed: int) -> dict[str, Any]:
    """Hide a fifth of all trust: does a score tell it from none? By chance the areas are 0.5."""
    rng = np.random.default_rng(seed)
    hidden = rng.random(community.trust.shape[0]) < HIDDEN
    graph = TrustGraph(damping=community.damping)
    kept = community.trust[~hidden]
    if not kept.shape[0]:
        return {}
    graph.add_edges(kept[:, 0], kept[:, 1], community.weights[~hidden])
    received = np.bincount(kept[:, 1], minlength=community.members).astype(np.float64)
    by_received = np.argsort(received, kind="stable")
    place = np.empty_like(by_received)
    place[by_received] = np.arange(by_received.shape[0])
    discount: Floats = 1.0 / np.log2(np.arange(2, BEST + 2))
    figures: dict[str, list[float]] = {
        f"{n}_{m}": [] for n in ("ndcg", "auc", "matched_auc") for m in ("trust", "received")
    }
    figures["ndcg_meet"] = []
    viewers = rng.permutation(np.intersect1d(community.trust[hidden, 0], kept[:, 0]))[: 2 * VIEWERS]
    for viewer in tqdm(viewers.tolist(), "future trust", file=sys.stderr):
        wanted = community.trust[hidden & (community.trust[:, 0] == viewer), 1]
        scores: Floats = np.zeros(community.members)
        for other, value in graph.scores(viewer, top=community.members).items():
            scores[int(other)] = value
        out = np.append(kept[kept[:, 0] == viewer, 1], viewer)
        others = np.setdiff1d(rng.integers(0, community.members, 100), np.append(out, wanted))
        near = by_received[np.clip(place[wanted] + rng.integers(-8, 9, wanted.shape[0]), 0, community.members - 1)]
        met = [int(one.member) for one in graph.people_to_meet(viewer, BEST)]
        figures["ndcg_meet"].append(float(np.isin(met, wanted) @ discount[: len(met)] / discount[: len(wanted)].sum()))
        for name, given in (("trust", scores), ("received", received)):
            values = given.copy()
            values[out] = -1.0
            first = np.argsort(-values, kind="stable")[:BEST]
            hits = np.isin(first, wanted)
            gain = float(hits @ discount[: first.shape[0]] / discount[: wanted.shape[0]].sum())
            figures[f"ndcg_{name}"].append(gain)
            figures[f"auc_{name}"].append(area(values[wanted], values[others]))
            fair = ~np.isin(near, np.append(out, wanted))
            if fair.any():
                figures[f"matched_auc_{name}"].append(area(values[wanted], values[near[fair]]))
    means = {name: float(np.mean(found)) for name, found in figures.items() if found}
    return means | {f"se_{name}": _error(found) for name, found in figures.items() if found}


def _error(values: Any) -> float:
    """The standard error of a mean."""
    return float(np.std(values) / np.sqrt(max(1, len(values))))


def area(better: Floats, worse: Floats) -> float:
    """The chance that one of the better stands above one of the worse; equals count half."""
    if not worse.shape[0]:
        return 0.5
    above = (better[:, None] > worse[None, :]).mean() + 0.5 * (better[:, None] == worse[None, :]).mean()
    return float(above)


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


def fakes(community: Community, counts: list[int], edges: list[int], seed: int) -> list[dict[str, Any]]:
    """What fakes behind bought edges gain: mass, places in a top 100, and the bound.

    Viewers are members who trust somebody. Those who are taken in are drawn
    from all members, and then from those who trust somebody, which is worse:
    others' trust passes through them. Whoever is taken in has given their own
    trust to a fake; the mass is also told without them.
    """
    rng = np.random.default_rng(seed)
    trusting = np.unique(community.trust[:, 0])
    viewers = rng.permutation(trusting)[:VIEWERS].tolist()
    table = []
    for taken, pool in (("any", np.arange(community.members)), ("trusting", trusting)):
        for count, number in product(counts, edges):
            draw = np.random.default_rng(seed)
            graph, victims = attacked(community, count, draw.choice(pool, number), draw)
            shares = {
                (a, b): graph.edge_weight(a, b) / (sum(graph.neighbours(a).values()) + graph.damping)
                for a, b in victims.tolist()
            }
            masses, places, broken = [], [], 0
            for viewer in tqdm(viewers, f"{count} fakes", file=sys.stderr, leave=False):
                scores = graph.scores(viewer, top=graph.nodes)
                mass = sum(value for who, value in scores.items() if int(who) >= community.members)
                own = 1.0 - sum(scores.values())
                bound = sum((own if a == viewer else scores.get(a, 0.0)) * s for (a, _), s in shares.items())
                broken += mass > bound * 1.001 + 1e-5
                masses.append(mass)
                places.append(sum(int(who) >= community.members for who in list(scores)[:100]))
            fooled = np.isin(viewers, victims[:, 0])
            honest, taken_in = np.array(masses)[~fooled], np.array(masses)[fooled]
            table.append(
                {
                    "taken_in": taken,
                    "fakes": count,
                    "share": count / (count + community.members),
                    "attack_edges": number,
                    "mean_mass": float(np.mean(masses)),
                    "mean_of_others": float(honest.mean()) if honest.shape[0] else 0.0,
                    "se_of_others": _error(honest),
                    "mean_of_taken_in": float(taken_in.mean()) if taken_in.shape[0] else 0.0,
                    "median_mass": float(np.median(masses)),
                    "worst_mass": float(np.max(masses)),
                    "in_top_100": float(np.mean(places)),
                    "bound_broken": broken,
                }
            )
    return table


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
        popular = np.argsort(-np.bincount(community.liked[:, 1], minlength=community.items), kind="stable")[:100]
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


def promote(community: Community, seed: int) -> dict[str, dict[str, float]]:
    """Fakes push one unknown item: which share of the viewers gets it in a top 10?

    As with `fakes`, the vouches are bought from any members, then from those who trust somebody. Fakes
    take what is popular, copy some members, or copy the very viewers. Those taken in are told apart.
    """
    rng = np.random.default_rng(seed)
    trusting = np.unique(community.trust[:, 0])
    viewers = rng.permutation(np.intersect1d(trusting, community.liked[:, 0]))[:VIEWERS]
    if not viewers.shape[0]:
        return {}
    reached = {}
    for taken, pool in (("any", np.arange(community.members)), ("trusting", trusting)):
        graph, victims = attacked(community, PROMOTERS, rng.choice(pool, BOUGHT), rng)
        raters = rng.choice(np.unique(community.liked[:, 0]), PROMOTERS)
        fooled = np.isin(viewers, victims[:, 0])
        for name, copied in (("bandwagon", None), ("copies", raters), ("copies of viewers", viewers)):
            found = reach(community, graph, viewers, *shilled(community, copied, rng))
            reached[f"{name}, {taken}"] = {way: float(seen.mean()) for way, seen in found.items()}
            for whom, some in (("others", ~fooled), ("taken in", fooled)):
                if some.any():
                    reached[f"{name}, {taken}, {whom}"] = {way: float(seen[some].mean()) for way, seen in found.items()}
    return reached


def reach(
    community: Community, graph: TrustGraph, viewers: Numbers, pairs: Numbers, times: Floats | None
) -> dict[str, NDArray[np.bool_]]:
    """To which of the viewers each method shows the last item."""
    target = community.items
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
    known = Known(shill.matrix(everything), graph, most_trusted(community.trust), shill.liked, shill.times)
    allowed = fitting(METHODS, timed=shill.times is not None, trusting=True)
    reached = {}
    for name in tqdm([one for one in PROMOTED if one in allowed], "promoting", file=sys.stderr):
        ask, shown = METHODS[name](known), []
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
        seller: max(0, budget(standing.get(seller, 0.0), honest.nodes).trust - int(given[seller]))
        for seller in sellers.tolist()
    }
    viewers = rng.permutation(trusting)[:VIEWERS].tolist()
    table = {}
    for name, most in (("without", dict.fromkeys(free, each)), ("with the budget", free)):
        dupes = np.array([seller for seller in free for _ in range(min(each, most[seller]))], np.int64)
        graph, victims = attacked(community, PROMOTERS, dupes, np.random.default_rng(seed))
        masses, seen = [], 0
        for viewer in viewers:
            scores = graph.scores(viewer, top=graph.nodes)
            masses.append(sum(value for who, value in scores.items() if int(who) >= community.members))
            seen += any(int(who) >= community.members for who in list(scores)[:BEST])
        table[name] = {
            "bought": int(victims.shape[0]),
            "mean_mass": float(np.mean(masses)),
            "a_fake_among_ten": seen / len(viewers),
        }
    return table
