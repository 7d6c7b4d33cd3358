"""The order of the feed: decisions on plain values. Whoever runs it on the same state gets the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from app.discovery.feed.values import (
    EXPLORE,
    Candidate,
    Choice,
    Ranked,
    Reason,
    Tastes,
    Wishes,
)
from graph import ranking


def visible(candidates: Iterable[Candidate], wishes: Wishes) -> list[Candidate]:
    """Without what the reader has hidden, and without blocked and muted people."""
    return [one for one in candidates if one.author_id not in wishes.unseen and one.target not in wishes.hidden]


def in_order(
    candidates: Sequence[Candidate],
    wishes: Wishes,
    scores: Mapping[int, float],
    tastes: Tastes,
    as_of: datetime,
    mode: str,
) -> list[Ranked]:
    """Best first; what was paid for or gifted comes after all that was not.

    All weights stand in `graph.ranking`.

    `scores` is the reader's trust by member id. With personalisation off: newest first.
    """
    if not wishes.personal:
        return [Ranked(one, 0.0, 0.0, Reason.NEW) for one in _newest(candidates)]
    best = max(scores.values(), default=0.0) or 1.0
    ranked = [_weigh(one, wishes, scores, best, tastes, as_of, mode) for one in candidates]
    return _spread(ranked)


def _newest(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: (one.at, one.id), reverse=True)


def _weigh(
    one: Candidate,
    wishes: Wishes,
    scores: Mapping[int, float],
    best: float,
    tastes: Tastes,
    as_of: datetime,
    mode: str,
) -> Ranked:
    trust = scores.get(one.author_id, 0.0)
    near = tastes.near.get(one.item_id or "")
    category = one.category.casefold()
    worth = (trust / best) ** ranking.FEED_TRUST_ROOT
    worth += ranking.FEED_STRANGER if mode == EXPLORE else 0.0
    worth += ranking.FEED_SUGGESTED * near.score if near else 0.0
    value = worth * ranking.STANCE.get(one.stance or "recommend", 0.0) * _freshness(one.at, as_of)
    value *= ranking.VERIFIED if one.verified else 1.0
    value *= ranking.FEED_TOPIC if category in wishes.topics else 1.0
    value *= ranking.FEED_LESS if category in wishes.less else 1.0
    value *= ranking.FEED_OTHER_TASTE if one.author_id in wishes.other_taste else 1.0
    if trust > 0:
        return Ranked(one, value, trust, Reason.CIRCLE)
    if near is not None:
        return Ranked(one, value, 0.0, near.reason, near.because)
    if category in wishes.topics:
        return Ranked(one, value, 0.0, Reason.TOPIC, one.category)
    return Ranked(one, value, 0.0, Reason.NEW)


def _freshness(at: datetime, as_of: datetime) -> float:
    """Hyperbolic, so that in a quiet or freshly imported community old things keep their order."""
    days = max(0.0, (as_of - at).total_seconds() / 86400)
    return 1.0 / (1.0 + days / ranking.FEED_HALF_LIFE_DAYS)


def _spread(ranked: list[Ranked]) -> list[Ranked]:
    """Nobody fills the page alone: each further entry of one person counts less."""
    ranked.sort(key=_place)
    told: Counter[int] = Counter()
    found = []
    for one in ranked:
        times = told[one.candidate.author_id]
        told[one.candidate.author_id] += 1
        weight = one.value * ranking.FEED_SAME_AUTHOR**times
        found.append(Ranked(one.candidate, weight, one.trust, one.reason, one.because))
    found.sort(key=_place)
    return found


def _place(one: Ranked) -> tuple[bool, float, float, str]:
    return (
        one.candidate.disclosure != "none",
        -one.value,
        -one.candidate.at.timestamp(),
        one.candidate.id,
    )


def best_of_each(near: Iterable[Candidate], scores: Mapping[int, float]) -> list[Candidate]:
    """One word for each suggested thing: of whom the reader trusts most, else the newest."""
    found: dict[str, Candidate] = {}
    for one in near:
        known = found.get(one.item_id or "")
        if known is None or _heard(one, scores) > _heard(known, scores):
            found[one.item_id or ""] = one
    return list(found.values())


def _heard(one: Candidate, scores: Mapping[int, float]) -> tuple[float, datetime, str]:
    return scores.get(one.author_id, 0.0), one.at, one.id


def window(found: Iterable[Candidate], size: int, cut: bool) -> tuple[list[Candidate], Candidate | None]:
    """The newest `size` of several lists that each were cut there, and where the next window begins.

    `cut` says whether one of the lists may hold more than was read.
    """
    merged = sorted(found, key=lambda one: (one.at, one.id), reverse=True)
    kept = merged[:size]
    more = len(merged) > size or (cut and len(kept) == size)
    return kept, kept[-1] if kept and more else None


def choice_target(choice: Choice, kind: str, ident: str, author_id: int, category: str) -> str | None:
    """What a choice is about; None where the entry has nothing of the sort."""
    targets: dict[Choice, Callable[[], str | None]] = {
        Choice.HIDE: lambda: f"{kind}:{ident}",
        Choice.LESS: lambda: category.casefold()[:80] or None,
        Choice.TASTE: lambda: str(author_id),
    }
    return targets[choice]()
