"""Leave some recommendations out and see who finds them again."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from graph import TrustGraph
from graph.evaluate.data import Community
from graph.evaluate.methods import METHODS, Floats, Numbers, Score, most_trusted, shares

BEST = 10
WARM = 5  # recommendations that make a member known
COLD_SHARE, HIDDEN_SHARE = 0.2, 0.2
BATCH = 256
TUNED = 512  # members on whom the weights are chosen
STEPS = (0.0, 0.1, 0.3, 1.0, 3.0)
PARTS = ("EASE", "trust", "seeded")


@dataclass(frozen=True)
class Split:
    """What is known, and what is hidden of whom."""

    known: NDArray[np.bool_]
    warm: Numbers
    cold: Numbers


def split(community: Community, by_time: bool, seed: int) -> Split:
    """Hide a fifth of all recommendations, and everything of a fifth of the members who trust somebody."""
    rng = np.random.default_rng(seed)
    who = community.liked[:, 0]
    hidden = _last(community, np.ones(who.shape[0], np.bool_), rng, by_time)
    trusting = np.intersect1d(community.trust[:, 0], who)
    cold = np.sort(rng.permutation(trusting)[: int(trusting.shape[0] * COLD_SHARE)])
    known = ~hidden & ~np.isin(who, cold)
    counts = np.bincount(who[known], minlength=community.members)
    tested = np.unique(who[hidden])
    return Split(known, tested[(counts[tested] >= WARM)], cold)


def _last(community: Community, among: NDArray[np.bool_], rng: np.random.Generator, by_time: bool) -> NDArray[np.bool_]:
    """A fifth of some recommendations: the last ones, or any."""
    drawn: Floats = np.asarray(rng.random(among.shape[0]))
    if by_time:
        if community.times is None:
            raise ValueError("the ratings have no times")
        drawn = np.asarray(-community.times)
    return np.asarray(among & (drawn <= np.quantile(drawn[among], HIDDEN_SHARE)), np.bool_)


def trust_graph(community: Community) -> TrustGraph:
    """The community's trust on its indices."""
    graph = TrustGraph()
    if community.trust.shape[0]:
        graph.add_edges(community.trust[:, 0], community.trust[:, 1], community.weights)
    return graph


class Judge:
    """HR@10, NDCG@10 with standard error, and coverage over some members."""

    def __init__(self, known: Any, hidden: Any) -> None:
        self.known, self.hidden = known, hidden
        self.discount: Floats = 1.0 / np.log2(np.arange(2, BEST + 2))

    def gains(self, who: Numbers, scores: Floats) -> tuple[Floats, Numbers]:
        """NDCG@10 of each member, and the items shown."""
        scores = scores.copy()
        scores[self.known[who].nonzero()] = -np.inf
        shown = np.argpartition(-scores, BEST, axis=1)[:, :BEST]
        rows = np.arange(who.shape[0])[:, None]
        shown = shown[rows, np.argsort(-scores[rows, shown], axis=1, kind="stable")]
        hits = np.asarray(self.hidden[who].todense())[rows, shown] > 0
        wanted = np.minimum(np.diff(self.hidden[who].indptr), BEST)
        ideal = np.concatenate(([1.0], np.cumsum(self.discount)))[wanted]
        return np.asarray((hits @ self.discount) / ideal), np.asarray(shown, np.int64)

    def judge(self, who: Numbers, score: Score) -> dict[str, float]:
        """All figures of one method."""
        gains, shown = [], set()
        for at in range(0, who.shape[0], BATCH):
            part = who[at : at + BATCH]
            gain, items = self.gains(part, score(part))
            gains.append(gain)
            shown.update(items.ravel().tolist())
        every = np.concatenate(gains)
        return {
            "ndcg": float(every.mean()),
            "se": float(every.std() / np.sqrt(every.shape[0])),
            "hr": float((every > 0).mean()),
            "coverage": len(shown) / self.known.shape[1],
            "members": int(every.shape[0]),
        }


def mixture(scorers: dict[str, Score], weights: tuple[float, ...]) -> Score:
    """Several methods added up, each between 0 and 1."""

    def score(who: Numbers) -> Floats:
        parts = [w * shares(scorers[name](who)) for name, w in zip(PARTS, weights, strict=True) if w]
        return np.asarray(sum(parts[1:], start=parts[0]), np.float64)

    return score


def tune(scorers: dict[str, Score], judge: Judge, who: Numbers) -> tuple[float, ...]:
    """The best weights of a mixture on members and items set aside for it."""
    who = who[:TUNED]
    parts = {name: shares(scorers[name](who)) for name in PARTS}
    best = -1.0
    chosen: tuple[float, ...] = (1.0, 0.0, 0.0)
    for weights in product(STEPS, repeat=len(PARTS)):
        if max(weights) != 1.0:
            continue
        scores: Floats = sum((w * parts[n] for n, w in zip(PARTS, weights, strict=True)), start=np.zeros(1))
        found = float(judge.gains(who, scores)[0].mean())
        if found > best:
            best, chosen = found, weights
    return chosen


def rank(community: Community, by_time: bool, seed: int) -> dict[str, Any]:
    """Every method on one split, warm and cold members apart."""
    cut = split(community, by_time, seed)
    graph, seeds = trust_graph(community), most_trusted(community.trust)
    known, hidden = community.matrix(cut.known), community.matrix(~cut.known)
    judge = Judge(known, hidden)
    cold = cut.cold[np.diff(hidden[cut.cold].indptr) > 0]
    names = [n for n in METHODS if n != "ALS" or importlib.util.find_spec("implicit")]
    figures: dict[str, Any] = {"warm": {}, "cold": {}}
    if len(names) < len(METHODS):
        figures["left_out"] = "ALS: the package implicit is not installed"
    scorers = {name: METHODS[name](known, graph, seeds) for name in tqdm(names, "learning", file=sys.stderr)}
    for name in tqdm(names, "ranking", file=sys.stderr):
        if cut.warm.shape[0]:
            figures["warm"][name] = judge.judge(cut.warm, scorers[name])
    for name in ("popularity", "seeded", "trust"):
        if cold.shape[0]:
            figures["cold"][name] = judge.judge(cold, scorers[name])
    figures["mixture"] = mix(community, cut, by_time, graph, seed, scorers, judge, cold, figures)
    return figures


def mix(
    community: Community,
    cut: Split,
    by_time: bool,
    graph: TrustGraph,
    seed: int,
    scorers: dict[str, Score],
    judge: Judge,
    cold: Numbers,
    figures: dict[str, Any],
) -> dict[str, Any]:
    """The mixture, its weights chosen on a part of what is known and then judged once."""
    rng = np.random.default_rng(seed + 1)
    inner = cut.known & ~_last(community, cut.known, rng, by_time)
    who = community.liked[:, 0]
    trusting = np.intersect1d(community.trust[:, 0], who[cut.known])
    newcomers = np.sort(rng.permutation(trusting)[: int(trusting.shape[0] * COLD_SHARE)])
    weights = {}
    for name, fresh in (("warm", False), ("cold", True)):
        learnt = inner & ~(np.isin(who, newcomers) & fresh)
        known, hidden = community.matrix(learnt), community.matrix(cut.known & ~learnt)
        inside = {part: METHODS[part](known, graph, most_trusted(community.trust)) for part in PARTS}
        tested = np.flatnonzero(np.diff(hidden.indptr))
        tested = np.intersect1d(tested, newcomers) if fresh else tested[np.diff(known[tested].indptr) >= WARM]
        if tested.shape[0]:
            weights[name] = tune(inside, Judge(known, hidden), rng.permutation(tested))
    for name, tested in (("warm", cut.warm), ("cold", cold)):
        if name in weights and tested.shape[0]:
            figures[name]["mixture"] = judge.judge(tested, mixture(scorers, weights[name]))
    return {name: dict(zip(PARTS, chosen, strict=True)) for name, chosen in weights.items()}
