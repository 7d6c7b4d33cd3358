"""The order of what people say of one thing, and what they weigh together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from graph.arguments import real, text
from graph.errors import GraphError
from graph.ranking.constants import APART, FADES, FADING_DAYS, SIGN, STANCE, VERIFIED


def freshness(age_days: float) -> float:
    """What age leaves of a word: 1.0 for a new one, never less than 1 - `FADES`.

    >>> freshness(0), freshness(365), round(freshness(36500), 3)
    (1.0, 0.75, 0.5)
    """
    return float(1.0 - FADES + FADES * 0.5 ** (max(0.0, real(age_days, "age_days")) / FADING_DAYS))


def endorsement_weight(
    trust: float,
    *,
    stance: str = "recommend",
    age_days: float = 0.0,
    verified: bool = False,
) -> float:
    """What one endorsement weighs: the trust in who gives it, times what it says.

    >>> endorsement_weight(0.2, verified=True)
    0.30000000000000004
    """
    known = STANCE.get(text(stance, "stance"))
    if known is None:
        raise GraphError(f"a stance is one of {', '.join(STANCE)}, not {stance!r}")
    given = real(trust, "trust")
    if given < 0.0:
        raise GraphError(f"trust is at least 0, not {trust!r}")
    return given * known * freshness(age_days) * (VERIFIED if verified else 1.0)


class Rank(NamedTuple):
    """A sort key, best first."""

    apart: int  # 0: nobody paid for it, 1: gifted, 2: paid
    light: float  # minus the weight


def endorsement_rank(
    trust: float,
    *,
    stance: str = "recommend",
    age_days: float = 0.0,
    verified: bool = False,
    disclosure: str = "none",
) -> Rank:
    """Where an endorsement stands among those of one item; sort ascending.

    What was gifted or paid for stands behind everything that was not,
    however much its author is trusted.

    >>> endorsement_rank(0.01) < endorsement_rank(0.9, disclosure="gifted", verified=True)
    True
    """
    apart = APART.get(text(disclosure, "disclosure"))
    if apart is None:
        raise GraphError(f"a disclosure is one of {', '.join(APART)}, not {disclosure!r}")
    return Rank(
        apart,
        -endorsement_weight(trust, stance=stance, age_days=age_days, verified=verified),
    )


class Word(NamedTuple):
    """One endorsement, for `support`."""

    trust: float
    stance: str = "recommend"
    age_days: float = 0.0
    verified: bool = False
    disclosure: str = "none"


def support(words: Iterable[Word]) -> float:
    """What the endorsements of one thing weigh together, for a feed or a list of things.

    Warnings count against it; what was gifted or paid for counts nothing.

    >>> support([Word(0.3), Word(0.1, "avoid"), Word(0.9, disclosure="paid")])
    0.19999999999999998
    """
    total = 0.0
    for word in words:
        if not isinstance(word, Word):
            raise GraphError(f"endorsements are words, not {word!r}")
        rank = endorsement_rank(**word._asdict())
        if rank.apart == 0:
            total -= SIGN[word.stance] * rank.light
    return total
