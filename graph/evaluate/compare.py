"""What the present engine is worth beside the former one, paired by member (`python -m graph.evaluate --compare`).

Before: walks without damping, circles as they are however thin, the former weights of the three sides,
and the plain walk's order of people to meet. Both see the same splits and the same attacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.evaluate.attacks import campaigns, gained, pools
from graph.evaluate.data import Community, Floats, Numbers
from graph.evaluate.judging import BEST, sheet
from graph.evaluate.methods import Score, kinmarket, kinmarket_before
from graph.evaluate.ranking import MUCH, knowing, last, split, trust_graph
from graph.evaluate.strangers import forget, found_again, people

Rows = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Pairs:
    """What each member got before, and gets now."""

    who: Numbers
    before: Floats
    now: Floats


def paired(runs: Sequence[Pairs]) -> dict[str, float]:
    """Both means and the mean difference with its standard error.

    A member may be there in several runs (seeds). Their differences depend on each other, so the
    error is that of means of clusters, one for each member; in a single run it is the usual one.
    """
    who = np.concatenate([run.who for run in runs])
    before, now = (
        np.concatenate([run.__dict__[side] for run in runs]).astype(np.float64) for side in ("before", "now")
    )
    change = now - before
    _, member = np.unique(who, return_inverse=True)
    apart = np.bincount(member, change - change.mean())
    members, values = apart.shape[0], change.shape[0]
    error = np.sqrt((apart**2).sum() * members / (members - 1)) / values if members > 1 else 0.0
    return {
        "before": float(before.mean()),
        "now": float(now.mean()),
        "difference": float(change.mean()),
        "se_difference": float(error),
        "members": members,
    }


def compare(community: Community, seeds: Sequence[int], attack: tuple[int, int]) -> Iterator[tuple[str, Rows]]:
    """Each table as it is ready: a row for each seed and one for all. `attack`: how many fakes and bought edges."""
    former = replace(community, damping=0.0)
    if community.liked.shape[0]:
        for name, by_time in (("random", False), ("in time order", True)):
            if not by_time or community.times is not None:
                runs = ((seed, suggestions(former, community, by_time, seed)) for seed in seeds)
                yield f"Suggestions, {name}: NDCG@10", tabled(runs)
    if community.trust.shape[0]:
        yield (
            "People to meet: NDCG@10",
            tabled((seed, meeting(former, community, seed)) for seed in seeds),
        )
        runs = ((seed, masses(former, community, attack, seed)) for seed in seeds)
        yield (
            f"Mass of {attack[0]:,} fakes behind {attack[1]:,} bought edges",
            tabled(runs),
        )
    if community.trust.shape[0] and community.liked.shape[0]:
        yield (
            "Promoted item in a top 10",
            tabled((seed, promoted(former, community, seed)) for seed in seeds),
        )


def tabled(runs: Iterable[tuple[int, dict[str, Pairs]]]) -> Rows:
    """By name: a row for each seed, and one for all where there are several."""
    found: dict[str, list[tuple[int, Pairs]]] = {}
    for seed, named in runs:
        for name, pairs in named.items():
            found.setdefault(name, []).append((seed, pairs))
    rows: Rows = {}
    for name, given in found.items():
        rows |= {f"{name}, seed {seed}": paired([pairs]) for seed, pairs in given}
        if len(given) > 1:
            rows[f"{name}, all"] = paired([pairs for _, pairs in given])
    return rows


def suggestions(former: Community, community: Community, by_time: bool, seed: int) -> dict[str, Pairs]:
    """What both find again of what is hidden, by how much is known of a member."""
    cut = split(community, by_time, seed)
    if not cut.known.any():
        return {}
    seen = (one.until(last(one, cut.known)) if by_time else one for one in (former, community))
    then, now = (knowing(one, trust_graph(one), cut.known) for one in seen)
    hidden = community.matrix(~cut.known)
    ways: dict[str, Score] = {"before": kinmarket_before(then), "now": kinmarket(now)}
    found = {}
    said = np.diff(now.likes.indptr)[cut.warm]
    groups = {
        "cold": cut.cold,
        "one to four": cut.few,
        "5 to 19": cut.warm[said < MUCH],
        "20 and more": cut.warm[said >= MUCH],
    }
    for name, members in groups.items():
        tested = members[np.diff(hidden[members].indptr) > 0]
        if tested.shape[0]:
            gains = sheet(now.likes, hidden, tested, ways, name).gains
            found[name] = Pairs(tested, gains["before"], gains["now"])
    return found


def meeting(former: Community, community: Community, seed: int) -> dict[str, Pairs]:
    """What both lists find again of hidden trust."""
    then, now = forget(former, seed), forget(community, seed)
    before, after = [], []
    for viewer in now.viewers.tolist():
        wanted, out = now.wanted(viewer), set(now.out(viewer).tolist())
        walked = [int(who) for who in then.graph.scores(viewer, BEST + len(out)) if who not in out]
        before.append(found_again(np.array(walked, np.int64), wanted))
        after.append(found_again(people(now.graph, viewer), wanted))
    return {"all": Pairs(now.viewers, np.array(before), np.array(after))} if before else {}


def masses(former: Community, community: Community, attack: tuple[int, int], seed: int) -> dict[str, Pairs]:
    """Which share of a viewer's trust the fakes hold, those taken in apart."""
    found = {}
    for taken, pool in pools(community).items():
        then, now = (gained(one, *attack, pool, seed) for one in (former, community))
        for whom, some in (("others", ~now.fooled), ("taken in", now.fooled)):
            if some.any():
                found[f"bought from {taken}: {whom}"] = Pairs(now.viewers[some], then.masses[some], now.masses[some])
    return found


def promoted(former: Community, community: Community, seed: int) -> dict[str, Pairs]:
    """Which viewers are shown the promoted item, those taken in apart."""
    found = {}
    for then, now in zip(
        campaigns(former, seed, {"": kinmarket_before}),
        campaigns(community, seed, {"": kinmarket}),
        strict=True,
    ):
        before, after = (
            then.shown[""].astype(np.float64),
            now.shown[""].astype(np.float64),
        )
        for whom, some in (
            ("everybody", np.ones_like(now.fooled)),
            ("others", ~now.fooled),
            ("taken in", now.fooled),
        ):
            if some.any():
                found[f"{now.name}: {whom}"] = Pairs(now.viewers[some], before[some], after[some])
    return found
