"""Who will be trusted next, and what fake accounts can reach."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from graph import TrustGraph
from graph.evaluate.data import Community
from graph.evaluate.methods import METHODS, Floats, Numbers, most_trusted
from graph.evaluate.ranking import BEST

HIDDEN = 0.2
VIEWERS = 400
PROMOTERS, BOUGHT = 500, 100
PROMOTED = {name: METHODS[name] for name in ("popularity", "user-CF", "seeded", "trust")}


def future(community: Community, seed: int) -> dict[str, Any]:
    """Hide a fifth of all trust: does a score tell it from none? By chance the areas are 0.5."""
    rng = np.random.default_rng(seed)
    hidden = rng.random(community.trust.shape[0]) < HIDDEN
    graph = TrustGraph()
    kept = community.trust[~hidden]
    graph.add_edges(kept[:, 0], kept[:, 1], community.weights[~hidden])
    received = np.bincount(kept[:, 1], minlength=community.members).astype(np.float64)
    by_received = np.argsort(received, kind="stable")
    place = np.empty_like(by_received)
    place[by_received] = np.arange(by_received.shape[0])
    discount: Floats = 1.0 / np.log2(np.arange(2, BEST + 2))
    figures: dict[str, list[float]] = {
        f"{n}_{m}": [] for n in ("ndcg", "auc", "matched_auc") for m in ("trust", "received")
    }
    viewers = rng.permutation(np.intersect1d(community.trust[hidden, 0], kept[:, 0]))[: 2 * VIEWERS]
    for viewer in tqdm(viewers.tolist(), "future trust", file=sys.stderr):
        wanted = community.trust[hidden & (community.trust[:, 0] == viewer), 1]
        scores: Floats = np.zeros(community.members)
        for other, value in graph.scores(viewer, top=community.members).items():
            scores[int(other)] = value
        out = np.append(kept[kept[:, 0] == viewer, 1], viewer)
        others = np.setdiff1d(rng.integers(0, community.members, 100), np.append(out, wanted))
        near = by_received[np.clip(place[wanted] + rng.integers(-8, 9, wanted.shape[0]), 0, community.members - 1)]
        for name, given in (("trust", scores), ("received", received)):
            values = given.copy()
            values[out] = -1.0
            hits = np.isin(np.argsort(-values, kind="stable")[:BEST], wanted)
            figures[f"ndcg_{name}"].append(float(hits @ discount / discount[: wanted.shape[0]].sum()))
            figures[f"auc_{name}"].append(area(values[wanted], values[others]))
            fair = ~np.isin(near, np.append(out, wanted))
            if fair.any():
                figures[f"matched_auc_{name}"].append(area(values[wanted], values[near[fair]]))
    return {name: float(np.mean(found)) for name, found in figures.items() if found}


def area(better: Floats, worse: Floats) -> float:
    """The chance that one of the better stands above one of the worse; equals count half."""
    if not worse.shape[0]:
        return 0.5
    above = (better[:, None] > worse[None, :]).mean() + 0.5 * (better[:, None] == worse[None, :]).mean()
    return float(above)


def bought(community: Community, fakes: int, edges: int, rng: np.random.Generator) -> tuple[TrustGraph, Numbers]:
    """The community with fakes who trust each other, and some members who were taken in."""
    graph = TrustGraph()
    graph.add_edges(community.trust[:, 0], community.trust[:, 1], community.weights)
    names = np.arange(community.members, community.members + fakes)
    pairs: NDArray[np.int64] = rng.integers(0, fakes, (2, 10 * fakes))
    pairs = pairs[:, pairs[0] != pairs[1]]
    graph.add_edges(names[pairs[0]], names[pairs[1]])
    dupes = rng.integers(0, community.members, edges)
    victims = np.column_stack((dupes, names[rng.integers(0, fakes, edges)]))
    graph.add_edges(victims[:, 0], victims[:, 1], np.full(edges, 0.6))
    return graph, np.unique(victims, axis=0)


def fakes(community: Community, counts: list[int], edges: list[int], seed: int) -> list[dict[str, Any]]:
    """What fakes behind bought edges gain: mass, places in a top 100, and the bound."""
    rng = np.random.default_rng(seed)
    viewers = rng.permutation(np.unique(community.trust[:, 0]))[:VIEWERS].tolist()
    table = []
    for count in counts:
        for number in edges:
            graph, victims = bought(community, count, number, np.random.default_rng(seed))
            shares = {
                (int(a), int(b)): graph.edge_weight(int(a), int(b)) / sum(graph.neighbours(int(a)).values())
                for a, b in victims
            }
            masses, places, broken = [], [], 0
            for viewer in viewers:
                scores = graph.scores(viewer, top=graph.nodes)
                mass = sum(value for who, value in scores.items() if int(who) >= community.members)
                own = 1.0 - sum(scores.values())
                bound = sum((own if a == viewer else scores.get(a, 0.0)) * s for (a, _), s in shares.items())
                broken += mass > bound * 1.001 + 1e-5
                masses.append(mass)
                places.append(sum(int(who) >= community.members for who in list(scores)[:100]))
            table.append(
                {
                    "fakes": count,
                    "share": count / (count + community.members),
                    "attack_edges": number,
                    "mean_mass": float(np.mean(masses)),
                    "worst_mass": float(np.max(masses)),
                    "in_top_100": float(np.mean(places)),
                    "bound_broken": broken,
                }
            )
    return table


def promote(community: Community, seed: int) -> dict[str, float]:
    """Fakes recommend one unknown item, and popular ones to look alike: who gets to see it?"""
    rng = np.random.default_rng(seed)
    graph, _ = bought(community, PROMOTERS, BOUGHT, rng)
    popular = np.argsort(-np.bincount(community.liked[:, 1], minlength=community.items))[:100]
    target = community.items
    disguise = [(fake, item) for fake in range(PROMOTERS) for item in rng.choice(popular, 20, False).tolist()]
    praise = [(fake, target) for fake in range(PROMOTERS)]
    likes = np.array([*disguise, *praise]) + np.array([[community.members, 0]])
    shill = Community(
        community.members + PROMOTERS,
        community.items + 1,
        community.trust,
        community.weights,
        np.concatenate((community.liked, likes)),
        None,
    )
    known = shill.matrix()
    viewers = rng.permutation(np.intersect1d(community.trust[:, 0], community.liked[:, 0]))[:VIEWERS]
    reached = {}
    for name, method in PROMOTED.items():
        scores = method(known, graph, most_trusted(community.trust))(viewers)
        scores[known[viewers].nonzero()] = -np.inf
        above = (scores > scores[:, [target]]).sum(axis=1)
        reached[name] = float(((above < BEST) & (scores[:, target] > 0)).mean())
    return reached
