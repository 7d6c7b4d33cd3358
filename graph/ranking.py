"""What is shown first: every weight of the ranking, in one place.

`endorsement_rank` orders what people say of one thing, `support` says what
they weigh together, and `TasteModel` finds things for a viewer from three
sides: what the viewer's circle recommends, what goes with the viewer's own
taste, and what is recommended by everybody lately. How much each side counts
depends on how much is known of the viewer. `python -m graph.evaluate` measures
these very weights (its row `kinmarket`); docs/trust-graph.md has the figures
that chose them. Nothing here is compiled or slow to import.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.arguments import real, text, whole
from graph.errors import GraphError
from graph.ids import as_ids, column
from graph.taste import Likes, kernel, numbered

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

DAY: Final = 86_400.0

# -- what one endorsement weighs ---------------------------------------------
# How much a word counts in the order of an item's endorsements: a warning as much as a praise.
STANCE: Final = {"recommend": 1.0, "avoid": 1.0, "neutral": 0.5}
# And which way it counts in what they weigh together.
SIGN: Final = {"recommend": 1.0, "avoid": -1.0, "neutral": 0.0}
# A purchase that the house has seen. Judgement: no data set knows of it.
VERIFIED: Final = 1.5
# An old word loses at most half, the first quarter of it within about a year. Measured on
# CiaoDVD: letting it fade to nothing makes the circle's recommendations worse, not better.
FADES: Final = 0.5
FADING_DAYS: Final = 365.0
# Set apart, whatever they weigh: first what nobody paid for, then gifts, then what was paid for.
APART: Final = {"none": 0, "gifted": 1, "paid": 2}

# -- the three sides of a suggestion -------------------------------------------
TRUST, TASTE, EVERYBODY = "trust", "taste", "everybody"
RECENT_DAYS: Final = 180.0  # after so long a recommendation counts half in what is popular now
TASTE_DAYS: Final = 730.0  # and half as much in what goes with what
KERNEL_ITEMS: Final = 1500  # taste is learnt between so many items, the most recommended ones
RIDGE: Final = 50.0
# Who makes up this share of all standing is heard fully for taste and for what is popular, others
# less. A larger share finds more (0.99: half as much again) and lets a bought crowd in.
HEARD_SHARE: Final = 0.9
FEW, KNOWN = 1, 5  # so many recommendations of their own make a viewer known a little, and well

# -- the order of a feed: news of people, so time counts much more ----------------
# Judgement, not measured: no public data tells what people wanted to read that day.
FEED_HALF_LIFE_DAYS: Final = 5.0  # after so long an entry counts half, hyperbolically
FEED_TRUST_ROOT: Final = 0.5  # scores fall by orders of magnitude; the root keeps distant friends audible
FEED_STRANGER: Final = 0.08  # what an entry counts with nobody trusted behind it
FEED_SUGGESTED: Final = 0.8  # the best suggestion of the taste model, beside the most trusted friend's word
FEED_TOPIC: Final = 1.5  # a topic that the reader has chosen
FEED_LESS: Final = 0.25  # "less like this"
FEED_OTHER_TASTE: Final = 0.15  # "not this person's taste"
FEED_SAME_AUTHOR: Final = 0.7  # for each entry of the same person further up


class Mixture(NamedTuple):
    """How much each side counts; each is between 0 and 1 before."""

    trust: float
    taste: float
    everybody: float


# By how much is known of the viewer.
STRANGER: Final = Mixture(trust=1.0, taste=0.0, everybody=0.3)
ACQUAINTED: Final = Mixture(trust=0.3, taste=1.0, everybody=0.5)
WELL_KNOWN: Final = Mixture(trust=0.3, taste=1.0, everybody=0.1)


def mixture_for(likes: int) -> Mixture:
    """The mixture for a viewer with so many recommendations of their own.

    >>> mixture_for(0) is STRANGER, mixture_for(3) is ACQUAINTED, mixture_for(50) is WELL_KNOWN
    (True, True, True)
    """
    if whole(likes, "the number of likes") < FEW:
        return STRANGER
    return ACQUAINTED if likes < KNOWN else WELL_KNOWN


def freshness(age_days: float) -> float:
    """What age leaves of a word: 1.0 for a new one, never less than 1 - `FADES`.

    >>> freshness(0), freshness(365), round(freshness(36500), 3)
    (1.0, 0.75, 0.5)
    """
    return float(1.0 - FADES + FADES * 0.5 ** (max(0.0, real(age_days, "age_days")) / FADING_DAYS))


def endorsement_weight(
    trust: float, *, stance: str = "recommend", age_days: float = 0.0, verified: bool = False
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
    return Rank(apart, -endorsement_weight(trust, stance=stance, age_days=age_days, verified=verified))


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


def hearing(standing: Mapping[Any, float], share: float = HEARD_SHARE) -> dict[Any, float]:
    """How much each member's word counts beyond circles, from 0 to 1, by their standing.

    `standing` is `TrustGraph.reputation(seeds)`. Best first, those who hold
    `share` of all standing together count fully, whoever has less than
    the last of them in proportion. A crowd that hangs on a few edges shares
    what these give it, so its number does not count.

    >>> hearing({"ana": 0.6, "bo": 0.4}) == {"ana": 1.0, "bo": 1.0}
    True
    >>> crowd = hearing({"ana": 0.6, "bo": 0.395, **{f"fake{i}": 5e-6 for i in range(1000)}})
    >>> sum(weight for who, weight in crowd.items() if who[:4] == "fake") < 0.02
    True
    """
    if not isinstance(standing, Mapping):
        raise GraphError(f"standing is a mapping, as `TrustGraph.reputation` gives it, not {standing!r}")
    if not 0.0 < real(share, "share") <= 1.0:
        raise GraphError(f"a share lies above 0 and is at most 1, not {share!r}")
    try:
        values = np.fromiter(standing.values(), np.float64, len(standing))
    except (TypeError, ValueError):
        raise GraphError("standings are numbers") from None
    if not (values > 0).any():
        return {}
    falling = -np.sort(-values)
    held = np.cumsum(falling)
    full = falling[min(int(np.searchsorted(held, share * held[-1])), values.shape[0] - 1)]
    return {who: min(1.0, value / float(full)) for who, value in standing.items() if value > 0}


class Suggestion(NamedTuple):
    """One thing for a viewer, and which side gave most of its score."""

    item: int
    score: float
    side: str  # TRUST, TASTE or EVERYBODY
    trust: float  # the parts of the score
    taste: float
    everybody: float


class TasteModel:
    """What a community recommends, ready to suggest things to one viewer at a time.

    Built from equally long arrays, each pair of member and item once: member
    ids and item ids (any integers), values (above 0: recommends, below 0:
    warns; None: all recommend) and times in seconds since 1970. `heard` says
    whose word counts for taste and for what is popular, as weights
    (`hearing`) or as a set of ids: without it everybody is heard, and a crowd
    of new accounts can push what it likes. Whoever is in the viewer's circle
    is always heard there.

    >>> model = TasteModel([1, 1, 2, 2, 3], [10, 11, 10, 12, 13])
    >>> [(one.item, one.side) for one in model.recommend([10], {3: 0.4})]
    [(11, 'taste'), (12, 'taste'), (13, 'trust')]
    """

    def __init__(
        self,
        members: ArrayLike,
        items: ArrayLike,
        values: ArrayLike | None = None,
        times: ArrayLike | None = None,
        *,
        heard: Mapping[Any, float] | Collection[int] | None = None,
        now: float | None = None,
    ) -> None:
        who, what, worth, when = _columns(members, items, values, times)
        self.likes = Likes(who, what, worth)
        voice = _voices(who, heard)
        counted = (worth > 0) & (voice > 0)
        places = np.searchsorted(self.likes.items, what)
        age: Floats = np.zeros(who.shape[0])
        if when is not None and when.shape[0]:
            age = np.maximum(0.0, (float(when.max()) if now is None else real(now, "now")) - when) / DAY
        size = self.likes.items.shape[0]
        recent = counted * voice * 0.5 ** (age / RECENT_DAYS)
        self._everybody = _share(np.asarray(np.bincount(places, recent, size), np.float64))
        self._kernel, self._kernel_items = kernel(
            np.searchsorted(self.likes.members, who[counted]),
            places[counted],
            voice[counted] * 0.5 ** (age[counted] / TASTE_DAYS),
            size,
            KERNEL_ITEMS,
            RIDGE,
        )

    @property
    def nbytes(self) -> int:
        """Bytes that the model takes."""
        return self.likes.nbytes + self._kernel.nbytes + self._everybody.nbytes

    def recommend(
        self,
        viewer_items: Collection[int],
        trusted_scores: Mapping[Any, float],
        top: int = 50,
        *,
        seen: Collection[int] = (),
        mixture: Mixture | None = None,
    ) -> list[Suggestion]:
        """The best things for a viewer that are neither theirs nor `seen`, best first.

        `viewer_items` is what the viewer recommends, `trusted_scores` the
        circle's scores by member id (`TrustGraph.scores`). Things that speak
        for nothing (score 0) are left out. `mixture` overrides the choice by
        how much is known of the viewer.
        """
        given = _numbered(viewer_items)
        own, top = self.likes.places(given), whole(top, "top")
        if not isinstance(trusted_scores, Mapping):
            raise GraphError(f"scores are a mapping, as `TrustGraph.scores` gives them, not {trusted_scores!r}")
        if mixture is not None and not isinstance(mixture, Mixture):
            raise GraphError(f"a mixture is a Mixture, not {mixture!r}")
        parts = self.sides(own, trusted_scores)
        mix = mixture or mixture_for(given.shape[0])
        weighted = np.stack((mix.trust * parts[0], mix.taste * parts[1], mix.everybody * parts[2]))
        scores = weighted.sum(axis=0)
        scores[own] = 0.0
        scores[self.likes.places(_numbered(seen))] = 0.0
        kept = min(top, int((scores > 0).sum()))
        if kept <= 0:
            return []
        best = np.argpartition(-scores, kept - 1)[:kept]
        best = best[np.lexsort((best, -scores[best]))]
        chosen = weighted[:, best]
        named = (TRUST, TASTE, EVERYBODY)
        return [
            Suggestion(item, score, named[side], *part)
            for item, score, side, part in zip(
                self.likes.items[best].tolist(),
                scores[best].tolist(),
                chosen.argmax(axis=0).tolist(),
                chosen.T.tolist(),
                strict=True,
            )
        ]

    def sides(self, own: Numbers, trusted_scores: Mapping[Any, float]) -> tuple[Floats, Floats, Floats]:
        """Trust, taste and everybody's word for every item, each between 0 and 1."""
        trust = _share(np.maximum(self.likes.weighed(trusted_scores), 0.0))
        taste: Floats = np.zeros(self.likes.items.shape[0])
        if self._kernel_items.shape[0]:
            mine = np.flatnonzero(np.isin(self._kernel_items, own))
            taste[self._kernel_items] = np.maximum(self._kernel[mine].sum(axis=0), 0.0)
        return trust, _share(taste), self._everybody


def _share(values: Floats) -> Floats:
    top = values.max(initial=0.0)
    return values / top if top > 0 else np.zeros_like(values)


def _voices(who: Numbers, heard: Mapping[Any, float] | Collection[int] | None) -> Floats:
    if heard is None:
        return np.ones(who.shape[0])
    ids, given = numbered(heard if isinstance(heard, Mapping) else dict.fromkeys(as_ids(heard), 1.0))
    if not ids.shape[0]:
        return np.zeros(who.shape[0])
    order = np.argsort(ids)
    place = np.minimum(np.searchsorted(ids[order], who), ids.shape[0] - 1)
    return np.where(ids[order][place] == who, given[order][place], 0.0)


def _columns(
    members: ArrayLike, items: ArrayLike, values: ArrayLike | None, times: ArrayLike | None
) -> tuple[Numbers, Numbers, Floats, Floats | None]:
    who, what = _numbered(members), _numbered(items)
    try:
        worth = np.ones(who.shape[0]) if values is None else np.asarray(values, np.float64).ravel()
        when = None if times is None else np.asarray(times, np.float64).ravel()
    except (TypeError, ValueError, OverflowError):
        raise GraphError("values and times are numbers") from None
    lengths = {array.shape[0] for array in (who, what, worth, when) if array is not None}
    if len(lengths) > 1:
        raise GraphError("members, items, values and times must be equally long")
    if not np.isfinite(worth).all() or (when is not None and not np.isfinite(when).all()):
        raise GraphError("values and times must be finite numbers")
    return who, what, worth, when


def _numbered(ids: object) -> Numbers:
    given = column(ids)
    if not isinstance(given, np.ndarray):
        raise GraphError("members and items are 64-bit integers")
    return given

