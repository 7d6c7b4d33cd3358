"""The order of the feed: decisions on plain values. Whoever runs it on the same state gets the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from app.discovery.feed.values import (
    EXPLORE,
    Candidate,
    Card,
    Choice,
    Ranked,
    Reason,
    Tastes,
    Wishes,
)
from app.kernel.ids import ItemId, MemberId
from graph import ranking


def visible(candidates: Iterable[Candidate], wishes: Wishes) -> list[Candidate]:
    """Without what the reader has hidden, all that is said of it, and without blocked and muted people."""
    unseen, hidden = wishes.unseen, wishes.hidden
    found = [one for one in candidates if one.author_id not in unseen and one.target not in hidden]
    return [one for one in found if one.item_id not in wishes.hidden_items] if wishes.hidden_items else found


def by_thing(order: Iterable[Ranked]) -> list[Card]:
    """One card for each thing, at the place of the best word for it, with the others in their order."""
    things: dict[str, list[Ranked]] = {}
    for one in order:
        things.setdefault(one.candidate.item_id or one.candidate.id, []).append(one)
    return [Card(words[0], tuple(words[1:])) for words in things.values()]


def in_order(
    candidates: Sequence[Candidate],
    wishes: Wishes,
    scores: Mapping[MemberId, float],
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
    weigh = _Scales(wishes, scores, tastes, as_of, mode)
    return _spread([weigh(one) for one in candidates])


def _newest(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: (one.at, one.id), reverse=True)


class _Scales:
    """What an entry is worth to this reader now."""

    def __init__(
        self, wishes: Wishes, scores: Mapping[MemberId, float], tastes: Tastes, as_of: datetime, mode: str
    ) -> None:
        self._wishes, self._scores, self._near = wishes, scores, tastes.near
        self._best = max(scores.values(), default=0.0) or 1.0
        self._as_of = as_of
        self._stranger = ranking.FEED_STRANGER if mode == EXPLORE else 0.0
        self._told = bool(wishes.topics or wishes.less)

    def __call__(self, one: Candidate) -> Ranked:
        wishes = self._wishes
        trust = self._scores.get(one.author_id, 0.0)
        near = self._near.get(one.item_id or ItemId(""))
        category = one.category if self._told else ""
        worth = (trust / self._best) ** ranking.FEED_TRUST_ROOT
        worth += self._stranger
        worth += ranking.FEED_SUGGESTED * near.score if near else 0.0
        value = worth * ranking.STANCE.get(one.stance or "recommend", 0.0) * self._freshness(one.at)
        value *= ranking.VERIFIED if one.verified else 1.0
        if self._told:
            value *= ranking.FEED_TOPIC if category in wishes.topics else 1.0
            value *= ranking.FEED_LESS if category in wishes.less else 1.0
        value *= ranking.FEED_OTHER_TASTE if one.author_id in wishes.other_taste else 1.0
        if trust > 0:
            return Ranked(one, value, trust, Reason.CIRCLE)
        if near is not None:
            return Ranked(one, value, 0.0, near.reason, near.because)
        if self._told and category in wishes.topics:
            return Ranked(one, value, 0.0, Reason.TOPIC, one.category)
        return Ranked(one, value, 0.0, Reason.NEW)

    def _freshness(self, at: datetime) -> float:
        """Hyperbolic, so that in a quiet or freshly imported community old things keep their order."""
        days = max(0.0, (self._as_of - at).total_seconds() / 86400)
        return 1.0 / (1.0 + days / ranking.FEED_HALF_LIFE_DAYS)


def _spread(ranked: list[Ranked]) -> list[Ranked]:
    """Nobody fills the page alone: each further entry of one person counts less."""
    ranked.sort(key=_place)
    told: Counter[int] = Counter()
    found = []
    for one in ranked:
        author = one.candidate.author_id
        times = told[author]
        told[author] = times + 1
        found.append(one._replace(value=one.value * ranking.FEED_SAME_AUTHOR**times) if times else one)
    found.sort(key=_place)
    return found


def _place(one: Ranked) -> tuple[bool, float, float, str]:
    entry = one.candidate
    return entry.disclosure != "none", -one.value, -entry.at.timestamp(), entry.id


def best_of_each(near: Iterable[Candidate], scores: Mapping[MemberId, float]) -> list[Candidate]:
    """One word for each suggested thing: of whom the reader trusts most, else the newest."""
    found: dict[str, Candidate] = {}
    for one in near:
        known = found.get(one.item_id or "")
        if known is None or _heard(one, scores) > _heard(known, scores):
            found[one.item_id or ""] = one
    return list(found.values())


def _heard(one: Candidate, scores: Mapping[MemberId, float]) -> tuple[float, datetime, str]:
    return scores.get(one.author_id, 0.0), one.at, one.id


def window(newest_first: Sequence[Candidate], size: int) -> tuple[Sequence[Candidate], Candidate | None]:
    """The newest `size`, and where the next window begins, if there are more."""
    kept = newest_first[:size]
    return kept, kept[-1] if len(newest_first) > size else None


def choice_target(choice: Choice, kind: str, ident: str, author_id: MemberId, category: str) -> str | None:
    """What a choice is about; None where the entry has nothing of the sort."""
    targets: dict[Choice, Callable[[], str | None]] = {
        Choice.HIDE: lambda: f"{kind}:{ident}",
        Choice.LESS: lambda: category[:80] or None,
        Choice.TASTE: lambda: str(author_id),
    }
    return targets[choice]()
