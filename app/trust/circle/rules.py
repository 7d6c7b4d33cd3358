"""What becomes an edge of the trust graph: decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from app.kernel.ids import MemberId
from graph.store.ties import ELSEWHERE, trade_strength

REFERRAL_WEIGHT = 0.4

VOUCH, REFERRAL, DISTRUST, BLOCK, ABSENT = "vouch", "referral", "distrust", "block", "absent"
TRADE, UPHELD = "trade", "upheld"
# A referral's two edges: the newcomer's, on which a borrowed circle rests, and the inviter's.
INVITED = "invited"

Pair = tuple[MemberId, MemberId]


class Tie(NamedTuple):
    """One row that says something about two people; `absent` is about `source` alone.

    The weight of a trade is the number of orders.
    """

    kind: str
    source: MemberId
    target: MemberId
    weight: float = 0.0
    until: datetime | None = None
    topic: str | None = None


class Strand(NamedTuple):
    """One of the reasons that an edge is made of."""

    kind: str
    weight: float
    topic: str | None = None
    until: datetime | None = None

    @property
    def plain(self) -> bool:
        """Whether the weight alone says all of it."""
        return self.kind == VOUCH and self.topic is None and self.until is None


class Ties(NamedTuple):
    """What holds between people now."""

    made_of: dict[Pair, tuple[Strand, ...]]  # each direction has its own strands
    hidden: set[Pair]  # the first wants nothing of the second
    reported: set[Pair]  # an upheld report of the first names the second
    absent: set[MemberId]  # suspended or erased: takes part in nothing
    ends: list[tuple[datetime, MemberId, MemberId]]  # when a suspension runs out: the member, twice

    @property
    def weights(self) -> dict[Pair, float]:
        """The one effective edge in each direction, where no topic is asked for."""
        return {
            pair: max(one.weight * (1.0 if one.topic is None else ELSEWHERE) for one in strands)
            for pair, strands in self.made_of.items()
            if pair not in self.hidden
        }


def weigh(ties: Iterable[Tie], now: datetime) -> Ties:
    """The strongest strand of a direction is its edge; a block takes both edges, a distrust one."""
    made_of: dict[Pair, dict[tuple[str, str | None], Strand]] = {}
    hidden: set[Pair] = set()
    reported: set[Pair] = set()
    absent: set[MemberId] = set()
    ends: list[tuple[datetime, MemberId, MemberId]] = []
    for kind, source, target, weight, until, topic in ties:
        if until is not None and until <= now:
            continue
        if kind == VOUCH:
            _strengthen(made_of, (source, target), Strand(VOUCH, weight, topic, until))
        elif kind == REFERRAL:
            _strengthen(made_of, (source, target), Strand(INVITED, REFERRAL_WEIGHT))
            _strengthen(made_of, (target, source), Strand(REFERRAL, REFERRAL_WEIGHT))
        elif kind == TRADE:
            _strengthen(made_of, (source, target), Strand(TRADE, trade_strength(max(1, int(weight)))))
        elif kind == DISTRUST:
            hidden.add((source, target))
        elif kind == BLOCK:
            hidden.update(((source, target), (target, source)))
        elif kind == UPHELD:
            reported.add((source, target))
        else:
            absent.add(source)
            if until is not None:
                ends.append((until, source, source))
    return Ties(
        {pair: tuple(strands.values()) for pair, strands in made_of.items() if absent.isdisjoint(pair)},
        {pair for pair in hidden if absent.isdisjoint(pair)},
        {pair for pair in reported if absent.isdisjoint(pair)},
        absent,
        ends,
    )


def _strengthen(made_of: dict[Pair, dict[tuple[str, str | None], Strand]], pair: Pair, new: Strand) -> None:
    strands = made_of.setdefault(pair, {})
    key = (new.kind, new.topic)
    if key not in strands or strands[key].weight < new.weight:
        strands[key] = new
