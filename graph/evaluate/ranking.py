"""Leave some recommendations out and see who finds them again."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from tqdm import tqdm

from graph import TrustGraph
from graph.evaluate.data import Community, Flags, Floats, Numbers
from graph.evaluate.judging import figures, sheet
from graph.evaluate.methods import (
    METHODS,
    PARTS,
    PERSONAL,
    Known,
    Method,
    fitting,
    most_trusted,
)
from graph.evaluate.mixing import crossed, learn

WARM, MUCH = 5, 20  # recommendations that make a member known, and well known
KINDS = ("warm", "5 to 19", "20 and more", "few", "cold", "cold with a circle")
COLD_SHARE, HIDDEN_SHARE = 0.2, 0.2
FEWEST = 20  # members, to learn the weights of a mixture from
WINDOWS = 2


@dataclass(frozen=True)
class Split:
    """What is known, and what is hidden of whom."""

    known: Flags
    warm: Numbers
    few: Numbers  # one to four recommendations are known of them
    cold: Numbers


def split(community: Community, by_time: bool, seed: int) -> Split:
    """Hide a fifth of all recommendations, and everything of a fifth of the members who trust somebody.

    In time order the last fifth is hidden. Where nobody trusts anybody, those who rate are drawn.
    """
    rng = np.random.default_rng(seed)
    who = community.liked[:, 0]
    hidden = _last(community, np.ones(who.shape[0], np.bool_), rng, by_time)
    trusting = np.intersect1d(community.trust[:, 0], who) if community.trust.shape[0] else np.unique(who)
    cold = np.sort(rng.permutation(trusting)[: int(trusting.shape[0] * COLD_SHARE)])
    known = ~hidden & ~np.isin(who, cold)
    counts = np.bincount(who[known], minlength=community.members)
    tested = np.unique(who[hidden])
    had = counts[tested]
    return Split(known, tested[had >= WARM], tested[(had > 0) & (had < WARM)], cold)


def _last(community: Community, among: Flags, rng: np.random.Generator, by_time: bool) -> Flags:
    """A fifth of some recommendations: the last ones, or any."""
    drawn: Floats = np.asarray(rng.random(among.shape[0]))
    if by_time:
        if community.times is None:
            raise ValueError("the ratings have no times")
        drawn = np.asarray(-community.times)
    if not among.any():
        return among.copy()
    return np.asarray(among & (drawn <= np.quantile(drawn[among], HIDDEN_SHARE)), np.bool_)


def trust_graph(community: Community) -> TrustGraph:
    """The community's trust on its indices."""
    graph = TrustGraph(damping=community.damping)
    if community.trust.shape[0]:
        graph.add_edges(community.trust[:, 0], community.trust[:, 1], community.weights)
    return graph


def knowing(community: Community, graph: TrustGraph, rows: Flags) -> Known:
    """What a method may know when these rows of `liked` are known."""
    times = None if community.times is None else community.times[rows]
    return Known(
        community.matrix(rows),
        graph,
        most_trusted(community.trust),
        community.liked[rows],
        times,
    )


def last(community: Community, rows: Flags) -> float:
    """When the last of some recommendations was given."""
    times = np.zeros(0) if community.times is None else community.times[rows]
    return float(times.max(initial=0.0))


def rank(
    community: Community,
    by_time: bool,
    seed: int,
    more: Mapping[str, Method] = MappingProxyType({}),
) -> dict[str, Any]:
    """Every method (and some `more`) on one split, members apart by how much is known of them."""
    cut = split(community, by_time, seed)
    seen = community.until(last(community, cut.known)) if by_time else community
    graph = trust_graph(seen)
    known, hidden = knowing(seen, graph, cut.known), community.matrix(~cut.known)
    allowed = {
        "timed": community.times is not None,
        "trusting": bool(seen.trust.shape[0]),
    }
    parts = tuple(fitting(PARTS, **allowed))
    result: dict[str, Any] = {kind: {} for kind in (*KINDS, "mixture")}
    methods = fitting({**METHODS, **more, **PARTS}, **allowed)
    if not cut.known.any():
        return result
    scorers = {name: method(known) for name, method in tqdm(methods.items(), "learning", file=sys.stderr)}
    for kind, members in (("warm", cut.warm), ("few", cut.few), ("cold", cut.cold)):
        tested = members[np.diff(hidden[members].indptr) > 0]
        if not tested.shape[0]:
            continue
        asked = scorers if kind != "cold" else {n: s for n, s in scorers.items() if n not in PERSONAL}
        found = sheet(known.likes, hidden, tested, asked, f"{kind} members")
        rows = {name: (found.gains[name], found.shown[name]) for name in (*METHODS, *more) if name in asked}
        used = tuple(name for name in parts if name in asked)
        if tested.shape[0] >= 2 * FEWEST:
            before = earlier(community, cut, used, seed) if by_time and kind == "warm" else None
            if before is None:
                gains, shown, weights = crossed(found, used, seed)
            else:
                weights = np.array([before[used.index(name)] if name in used else 0.0 for name in found.names])
                gains, shown = found.mixed(weights)
            rows["mixture"] = (gains, shown)
            result["mixture"][kind] = {n: round(float(w), 3) for n, w in zip(found.names, weights, strict=True) if w}
        result[kind] = {name: figures(*row, community.items) for name, row in rows.items()}
        said = np.diff(known.likes.indptr)[tested]
        for name, some in (("5 to 19", said < MUCH), ("20 and more", said >= MUCH)):
            if kind == "warm" and some.any():
                result[name] = {
                    way: figures(gains[some], shown[some], community.items) for way, (gains, shown) in rows.items()
                }
        if kind == "cold" and "circle" in found.names:
            heard = found.parts[:, :, found.names.index("circle")].max(axis=1, initial=0.0) > 0
            if heard.any():
                result["cold with a circle"] = {
                    name: figures(gains[heard], shown[heard], community.items) for name, (gains, shown) in rows.items()
                }
    return result


def earlier(community: Community, cut: Split, names: tuple[str, ...], seed: int) -> Floats | None:
    """Weights learnt on earlier times: twice the last fifth of what is known is hidden for it.

    Nothing of the time that is judged is seen. None where too few members are left.
    """
    until, learnt = cut.known, []
    for window in range(WINDOWS):
        inner = until & ~_last(community, until, np.random.default_rng(seed), by_time=True)
        seen = community.until(last(community, inner))
        known, hidden = (
            knowing(seen, trust_graph(seen), inner),
            community.matrix(until & ~inner),
        )
        until = inner
        tested = np.flatnonzero((np.diff(hidden.indptr) > 0) & (np.diff(known.likes.indptr) >= WARM))
        if tested.shape[0] < FEWEST:
            break
        found = sheet(
            known.likes,
            hidden,
            tested,
            {name: PARTS[name](known) for name in names},
            f"earlier {window + 1}",
        )
        learnt.append(learn(found, np.arange(tested.shape[0]), names, seed))
    return np.mean(learnt, axis=0) if learnt else None
