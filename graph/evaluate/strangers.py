"""Who will be trusted next."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from graph import TrustGraph
from graph.evaluate.data import Community
from graph.evaluate.judging import BEST, DISCOUNT, standard_error
from graph.evaluate.methods import Floats, Numbers

HIDDEN = 0.2
VIEWERS = 800


@dataclass(frozen=True)
class Forgotten:
    """A community of which some trust is hidden."""

    graph: TrustGraph
    kept: Numbers  # rows of truster, trustee
    hidden: Numbers
    viewers: Numbers  # who gave hidden trust and still trusts somebody, in drawn order

    def wanted(self, viewer: int) -> Numbers:
        """Whom the viewer turns out to trust."""
        return np.asarray(self.hidden[self.hidden[:, 0] == viewer, 1], np.int64)

    def out(self, viewer: int) -> Numbers:
        """Whom no list shows: those trusted already, and the viewer."""
        return np.append(self.kept[self.kept[:, 0] == viewer, 1], viewer)


def forget(community: Community, seed: int, *, by_time: bool = False) -> Forgotten:
    """Hide a fifth of all trust: any, or the last given."""
    rng = np.random.default_rng(seed)
    if not by_time:
        hidden = np.asarray(rng.random(community.trust.shape[0]) < HIDDEN, np.bool_)
    elif community.trust_times is None:
        raise ValueError("the trust has no times")
    else:
        hidden = np.asarray(
            community.trust_times > np.quantile(community.trust_times, 1.0 - HIDDEN),
            np.bool_,
        )
    graph = TrustGraph(damping=community.damping)
    kept = community.trust[~hidden]
    if kept.shape[0]:
        graph.add_edges(kept[:, 0], kept[:, 1], community.weights[~hidden])
    viewers = rng.permutation(np.intersect1d(community.trust[hidden, 0], kept[:, 0]))[:VIEWERS]
    return Forgotten(graph, kept, community.trust[hidden], viewers)


def found_again(listed: Numbers, wanted: Numbers) -> float:
    """NDCG@10 of a list of members."""
    first = listed[:BEST]
    return float(np.isin(first, wanted) @ DISCOUNT[: first.shape[0]] / DISCOUNT[: wanted.shape[0]].sum())


def people(graph: TrustGraph, viewer: int) -> Numbers:
    """Whom the library lists as people to meet."""
    return np.array([int(one.member) for one in graph.people_to_meet(viewer, BEST)], np.int64)


def future(community: Community, seed: int, *, by_time: bool = False) -> dict[str, Any]:
    """Hide a fifth of all trust, any or the last: does a score tell it from none? By chance the areas are 0.5."""
    rng = np.random.default_rng([seed, 1])
    cut = forget(community, seed, by_time=by_time)
    if not cut.viewers.shape[0]:
        return {}
    received = np.bincount(cut.kept[:, 1], minlength=community.members).astype(np.float64)
    by_received = np.argsort(received, kind="stable")
    place = np.empty_like(by_received)
    place[by_received] = np.arange(by_received.shape[0])
    figures: dict[str, list[float]] = {
        f"{n}_{m}": [] for n in ("ndcg", "auc", "matched_auc") for m in ("trust", "received")
    }
    figures["ndcg_meet"] = []
    for viewer in tqdm(cut.viewers.tolist(), "future trust", file=sys.stderr):
        wanted, out = cut.wanted(viewer), cut.out(viewer)
        scores: Floats = np.zeros(community.members)
        for other, value in cut.graph.scores(viewer, top=community.members).items():
            scores[int(other)] = value
        others = np.setdiff1d(rng.integers(0, community.members, 100), np.append(out, wanted))
        near = by_received[
            np.clip(
                place[wanted] + rng.integers(-8, 9, wanted.shape[0]),
                0,
                community.members - 1,
            )
        ]
        figures["ndcg_meet"].append(found_again(people(cut.graph, viewer), wanted))
        for name, given in (("trust", scores), ("received", received)):
            values = given.copy()
            values[out] = -1.0
            figures[f"ndcg_{name}"].append(found_again(np.argsort(-values, kind="stable"), wanted))
            figures[f"auc_{name}"].append(area(values[wanted], values[others]))
            fair = ~np.isin(near, np.append(out, wanted))
            if fair.any():
                figures[f"matched_auc_{name}"].append(area(values[wanted], values[near[fair]]))
    means = {name: float(np.mean(found)) for name, found in figures.items() if found}
    return means | {f"se_{name}": standard_error(found) for name, found in figures.items() if found}


def area(better: Floats, worse: Floats) -> float:
    """The chance that one of the better stands above one of the worse; equals count half."""
    if not worse.shape[0]:
        return 0.5
    above = (better[:, None] > worse[None, :]).mean() + 0.5 * (better[:, None] == worse[None, :]).mean()
    return float(above)
