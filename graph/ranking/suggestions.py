"""Things for one viewer from three sides: the viewer's circle, their own taste, and everybody.

How much each side counts depends on how much is known of the viewer. A circle in which few speak is
eked out by the community's vetted members: see `TasteModel.sides`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.arguments import as_ids, column, real, whole
from graph.errors import GraphError
from graph.ranking.constants import (
    ACQUAINTED,
    CO_TRUSTERS,
    DAY,
    EVERYBODY,
    FEW,
    KERNEL_ITEMS,
    KNOWN,
    PRIOR_SPEAKERS,
    RECENT_DAYS,
    RIDGE,
    STRANGER,
    TASTE,
    TASTE_DAYS,
    TRUST,
    WELL_KNOWN,
    Mixture,
)
from graph.ranking.ease import kernel
from graph.ranking.likes import Likes, numbered

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


def mixture_for(likes: int) -> Mixture:
    """The mixture for a viewer with so many recommendations of their own.

    >>> mixture_for(0) is STRANGER, mixture_for(3) is ACQUAINTED, mixture_for(50) is WELL_KNOWN
    (True, True, True)
    """
    if whole(likes, "the number of likes") < FEW:
        return STRANGER
    return ACQUAINTED if likes < KNOWN else WELL_KNOWN


class Suggestion(NamedTuple):
    """One thing for a viewer, and which side gave most of its score."""

    item: int
    score: float
    side: str  # TRUST, TASTE or EVERYBODY
    trust: float  # the parts of the score
    taste: float
    everybody: float


class Sides(NamedTuple):
    """What each side says of every item; each is between 0 and 1."""

    trust: Floats  # the circle, with what fills it up
    taste: Floats
    everybody: Floats
    filled: Floats  # how much of `trust` is not the circle's own word


class TasteModel:
    """What a community recommends, ready to suggest things to one viewer at a time.

    Built from equally long arrays, each pair of member and item once: member
    ids and item ids (any integers), values (above 0: recommends, below 0:
    warns; None: all recommend) and times in seconds since 1970. `heard` says
    whose word counts for taste and for what is popular, as weights
    (`hearing`) or as a set of ids: without it everybody is heard, and a crowd
    of new accounts can push what it likes, so that thin circles are not
    filled up then. Whoever is in the viewer's circle
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
        # Unfaded, of those who say anything at all: this stands in for the circle, and there age does not help.
        speaking = voice[np.unique(who, return_index=True)[1]].sum() if heard is not None else 0.0
        vetted = np.asarray(np.bincount(places, counted * voice, size), np.float64)
        self._vetted = vetted / speaking if speaking > 0 else np.zeros(size)
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
        return self.likes.nbytes + self._kernel.nbytes + self._everybody.nbytes + self._vetted.nbytes

    def recommend(
        self,
        viewer_items: Collection[int],
        trusted_scores: Mapping[Any, float],
        top: int = 50,
        *,
        seen: Collection[int] = (),
        mixture: Mixture | None = None,
        co_trusters: Mapping[Any, float] | None = None,
    ) -> list[Suggestion]:
        """The best things for a viewer that are neither theirs nor `seen`, best first.

        `viewer_items` is what the viewer recommends, `trusted_scores` the
        circle's scores by member id (`TrustGraph.scores`). Things that speak
        for nothing (score 0) are left out. `mixture` overrides the choice by
        how much is known of the viewer. `co_trusters`
        (`TrustGraph.co_trusters`, which gates them by the viewer's own scores)
        are heard beside the circle by a viewer without recommendations.
        """
        given = _numbered(viewer_items)
        own, top = self.likes.places(given), whole(top, "top")
        if not isinstance(trusted_scores, Mapping):
            raise GraphError(f"scores are a mapping, as `TrustGraph.scores` gives them, not {trusted_scores!r}")
        if mixture is not None and not isinstance(mixture, Mixture):
            raise GraphError(f"a mixture is a Mixture, not {mixture!r}")
        sides = self.sides(own, trusted_scores)
        mix = mixture or mixture_for(given.shape[0])
        circle, beyond = (
            mix.trust * (sides.trust - sides.filled),
            mix.trust * sides.filled,
        )
        if co_trusters is not None and given.shape[0] < FEW:
            circle = circle + CO_TRUSTERS * self.said_by(co_trusters)
        weighted = np.stack((circle, mix.taste * sides.taste, mix.everybody * sides.everybody + beyond))
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

    def said_by(self, scores: Mapping[Any, float]) -> Floats:
        """What some members recommend, each by their score; between 0 and 1."""
        if not isinstance(scores, Mapping):
            raise GraphError(f"co-trusters are a mapping, as `TrustGraph.co_trusters` gives them, not {scores!r}")
        return _share(np.maximum(self.likes.weighed(scores)[0], 0.0))

    def sides(self, own: Numbers, trusted_scores: Mapping[Any, float]) -> Sides:
        """What trust, taste and everybody say of every item.

        The circle's word is the mean of its speakers, by their scores, shrunk towards the share of
        the vetted members who recommend a thing: (said / mass * n + 8 * prior) / (n + 8), where n
        is how many speakers there are in effect, (sum p)^2 / sum p^2.
        """
        said, scores = self.likes.weighed(trusted_scores)
        mass = float(scores.sum())
        speakers = mass**2 / float((scores**2).sum()) if mass > 0 else 0.0
        prior = PRIOR_SPEAKERS * self._vetted
        if mass > 0:
            said = said * (speakers / mass)
        trust = np.maximum(said + prior, 0.0)
        filled = np.minimum(prior, trust)
        top = float(trust.max(initial=0.0)) or 1.0
        taste: Floats = np.zeros(self.likes.items.shape[0])
        if self._kernel_items.shape[0]:
            mine = np.flatnonzero(np.isin(self._kernel_items, own))
            taste[self._kernel_items] = np.maximum(self._kernel[mine].sum(axis=0), 0.0)
        return Sides(trust / top, _share(taste), self._everybody, filled / top)


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
    members: ArrayLike,
    items: ArrayLike,
    values: ArrayLike | None,
    times: ArrayLike | None,
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
