"""What becomes an edge of the trust graph: decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

REFERRAL_WEIGHT = 0.4

VOUCH, REFERRAL, DISTRUST, BLOCK, ABSENT = "vouch", "referral", "distrust", "block", "absent"

Pair = tuple[int, int]


class Tie(NamedTuple):
    """One row that says something about two people; `absent` is about `source` alone."""

    kind: str
    source: int
    target: int
    weight: float = 0.0
    until: datetime | None = None


class Ties(NamedTuple):
    """What holds between people now."""

    weights: dict[Pair, float]  # one effective edge in each direction
    hidden: set[Pair]  # the first wants nothing of the second
    absent: set[int]  # suspended or erased: takes part in nothing
    ends: list[tuple[datetime, int, int]]  # when a vouch (or, twice the same, a suspension) runs out


def weigh(ties: Iterable[Tie], now: datetime) -> Ties:
    """The strongest tie of a direction is its edge; a block takes both edges, a distrust one."""
    weights: dict[Pair, float] = {}
    hidden: set[Pair] = set()
    absent: set[int] = set()
    ends: list[tuple[datetime, int, int]] = []
    for kind, source, target, weight, until in ties:
        if until is not None and kind in {VOUCH, ABSENT}:
            if until <= now:
                continue
            ends.append((until, source, target))
        if kind == VOUCH:
            _strengthen(weights, (source, target), weight)
        elif kind == REFERRAL:
            _strengthen(weights, (source, target), REFERRAL_WEIGHT)
            _strengthen(weights, (target, source), REFERRAL_WEIGHT)
        elif kind == DISTRUST:
            hidden.add((source, target))
        elif kind == BLOCK:
            hidden.update(((source, target), (target, source)))
        else:
            absent.add(source)
    hidden = {pair for pair in hidden if absent.isdisjoint(pair)}
    weights = {
        pair: weight
        for pair, weight in weights.items()
        if pair not in hidden and absent.isdisjoint(pair)
    }
    return Ties(weights, hidden, absent, ends)


def _strengthen(weights: dict[Pair, float], pair: Pair, weight: float) -> None:
    if weight > weights.get(pair, 0.0):
        weights[pair] = weight
