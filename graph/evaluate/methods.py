"""Ways to recommend: each takes what is known and scores all items for some members."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph import TrustGraph
from graph.ranking import Mixture, TasteModel, hearing, mixture_for
from graph.ranking.constants import CO_TRUSTERS, FEW, KNOWN, RECENT_DAYS

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Score = Callable[[Numbers], Floats]

NEIGHBOURS = 50
EASE_ITEMS = 4000
BETA = 0.4
SEEDS = 20
RIDGE = 250.0
DAY = 86_400.0


@dataclass(frozen=True)
class Known:
    """What a method may know."""

    likes: Any  # a sparse matrix of ones, members by items
    graph: TrustGraph
    seeds: Numbers
    pairs: Numbers  # rows of member, item, as in `likes`
    times: Floats | None = None  # of `pairs`

    def standing(self) -> Floats:
        """Everybody's reputation from the seeds."""
        ranks: Floats = np.zeros(self.likes.shape[0])
        if self.seeds.shape[0]:
            for who, value in self.graph.reputation(self.seeds.tolist()).items():
                ranks[int(who)] = value
        return ranks


def _inverse(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _degrees(likes: Any, axis: int) -> Floats:
    return np.asarray(likes.sum(axis=axis), np.float64).ravel()


def _for_all(worth: Floats) -> Score:
    return lambda who: np.tile(worth, (who.shape[0], 1))


def most_trusted(trust: Numbers) -> Numbers:
    """Seeds, where no operator has named any: who is trusted by most."""
    names, received = np.unique(trust[:, 1], return_counts=True)
    return np.asarray(names[np.argsort(-received, kind="stable")[:SEEDS]], np.int64)


def popularity(known: Known) -> Score:
    """How many recommend it."""
    return _for_all(_degrees(known.likes, 0))


def recent(known: Known) -> Score:
    """How many recommend it, the latest most. Only where there are times."""
    if known.times is None:
        raise ValueError("the ratings have no times")
    age = (known.times.max(initial=0.0) - known.times) / DAY
    weights = 0.5 ** (age / RECENT_DAYS)
    return _for_all(np.asarray(np.bincount(known.pairs[:, 1], weights, known.likes.shape[1]), np.float64))


def seeded(known: Known) -> Score:
    """Popularity that counts members by their standing: fakes have none."""
    return _for_all(np.asarray(known.likes.T @ known.standing()))


def circle(known: Known) -> Score:
    """How much of the viewer's trust recommends it; nothing where the circle has nothing to say."""

    def score(who: Numbers) -> Floats:
        row, other, trust = [], [], []
        for at, member in enumerate(who.tolist()):
            for name, value in known.graph.scores(member).items():
                row.append(at)
                other.append(int(name))
                trust.append(value)
        circles = sparse.csr_matrix((trust, (row, other)), shape=(who.shape[0], known.likes.shape[0]))
        return np.asarray((circles @ known.likes).todense())

    return score


def trust(known: Known) -> Score:
    """The circle; standing fills what it leaves empty."""
    faint = np.asarray(known.likes.T @ known.standing()) * 1e-3
    inside = circle(known)
    return lambda who: np.asarray(inside(who) + faint)


def user_cf(known: Known) -> Score:
    """Cosine between members, the fifty nearest."""
    likes = known.likes
    like = (sparse.diags(_inverse(np.sqrt(_degrees(likes, 1)))) @ likes).tocsr()

    def score(who: Numbers) -> Floats:
        near = np.asarray((like[who] @ like.T).todense())
        near[np.arange(who.shape[0]), who] = 0.0
        if near.shape[1] > NEIGHBOURS:
            cut = np.partition(near, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS]
            near[near < cut[:, None]] = 0.0
        return np.asarray((sparse.csr_matrix(near) @ likes).todense())

    return score


def item_cf(known: Known) -> Score:
    """Cosine between items."""
    likes = known.likes
    norm = sparse.diags(_inverse(np.sqrt(_degrees(likes, 0))))
    like = (likes @ norm).tocsc()
    return lambda who: np.asarray(((likes[who] @ norm) @ like.T @ like).todense())


def rp3beta(known: Known) -> Score:
    """Three steps between members and items, popular items held back."""
    likes = known.likes
    member = (sparse.diags(_inverse(_degrees(likes, 1))) @ likes).tocsr()
    item = sparse.diags(_inverse(_degrees(likes, 0))) @ likes.T
    held = _inverse(_degrees(likes, 0) ** BETA)
    return lambda who: np.asarray(np.asarray((member[who] @ item @ member).todense()) * held)


def ease(known: Known) -> Score:
    """Embarrassingly shallow autoencoder, on the most recommended items."""
    counts = _degrees(known.likes, 0)
    kept = np.sort(np.argsort(-counts, kind="stable")[:EASE_ITEMS])
    part = known.likes[:, kept]
    gram = np.asarray((part.T @ part).todense(), np.float64)
    gram[np.diag_indices_from(gram)] += RIDGE
    inverse = np.linalg.inv(gram)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)

    def score(who: Numbers) -> Floats:
        scores: Floats = np.zeros((who.shape[0], known.likes.shape[1]))
        scores[:, kept] = part[who] @ weights
        return scores

    return score


def als(known: Known) -> Score:
    """Implicit matrix factorisation, where the package `implicit` is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it advises on thread settings
        made = importlib.import_module("implicit.als")
        model = made.AlternatingLeastSquares(factors=16, regularization=10.0, alpha=10.0, random_state=0, num_threads=1)
        model.fit(known.likes.astype(np.float32), show_progress=False)
    return lambda who: np.asarray(model.user_factors[who] @ model.item_factors.T, np.float64)


def taste(known: Known) -> Score:
    """`TasteModel`'s taste alone: like EASE, but fading, and hearing only who has standing."""
    return _of_model(known, Mixture(trust=0.0, taste=1.0, everybody=0.0))


def kinmarket(known: Known) -> Score:
    """`TasteModel` as the application uses it, with the weights that it has."""
    return _of_model(known, None)


def kinmarket_with_co_trusters(known: Known) -> Score:
    """The same, and who has no recommendations of their own hears co-trusters beside the circle."""
    return _of_model(known, None, co_trusters=True)


def kinmarket_before(known: Known) -> Score:
    """As it was before: circles as they are, however thin, and other weights."""
    return _of_model(known, FORMER, filled=False)


# Without recommendations of their own, with one to four, with more.
FORMER = (Mixture(1.0, 0.0, 0.3), Mixture(0.3, 1.0, 0.5), Mixture(0.3, 1.0, 0.1))


def _of_model(
    known: Known,
    mixture: Mixture | tuple[Mixture, Mixture, Mixture] | None,
    *,
    filled: bool = True,
    co_trusters: bool = False,
) -> Score:
    heard = hearing(known.graph.reputation(known.seeds.tolist())) if known.seeds.shape[0] else None
    model = TasteModel(known.pairs[:, 0], known.pairs[:, 1], None, known.times, heard=heard)

    def score(who: Numbers) -> Floats:
        scores: Floats = np.zeros((who.shape[0], known.likes.shape[1]))
        for row, member in enumerate(who.tolist()):
            own = known.likes[member].indices
            weights = mixture_for(own.shape[0]) if mixture is None else mixture
            if not isinstance(weights, Mixture):
                weights = weights[(own.shape[0] >= FEW) + (own.shape[0] >= KNOWN)]
            circle = known.graph.scores(member) if weights.trust else {}
            sides = model.sides(model.likes.places(own.astype(np.int64)), circle)
            trust = sides.trust if filled else _share(sides.trust - sides.filled)
            parts = zip(weights, (trust, sides.taste, sides.everybody), strict=True)
            scores[row, model.likes.items] = sum(weight * side for weight, side in parts)
            if co_trusters and own.shape[0] < FEW:
                scores[row, model.likes.items] += CO_TRUSTERS * model.said_by(known.graph.co_trusters(member))
        return scores

    return score


def _share(values: Floats) -> Floats:
    top = values.max(initial=0.0)
    return values / top if top > 0 else np.zeros_like(values)


Method = Callable[[Known], Score]
METHODS: dict[str, Method] = {
    "popularity": popularity,
    "recent": recent,
    "seeded": seeded,
    "trust": trust,
    "item-CF": item_cf,
    "user-CF": user_cf,
    "RP3beta": rp3beta,
    "EASE": ease,
    "ALS": als,
    "taste": taste,
    "kinmarket": kinmarket,
}
# Those that a promoted item is tried on.
PROMOTED = (
    "popularity",
    "recent",
    "seeded",
    "item-CF",
    "user-CF",
    "EASE",
    "ALS",
    "trust",
    "kinmarket",
)
# What the learned mixture is made of; `circle` is `trust` without what fills it up.
PARTS: dict[str, Method] = {
    **{name: method for name, method in METHODS.items() if name not in {"trust", "kinmarket"}},
    "circle": circle,
}
PERSONAL = frozenset({"item-CF", "user-CF", "RP3beta", "EASE", "ALS", "taste"})  # nothing without likes of one's own


def fitting(methods: dict[str, Method], *, timed: bool, trusting: bool) -> dict[str, Method]:
    """The methods that this community and this machine allow."""
    out = set() if timed else {"recent"}
    if not trusting:
        out |= {"seeded", "trust", "circle"}
    if not importlib.util.find_spec("implicit"):
        out.add("ALS")
    return {name: method for name, method in methods.items() if name not in out}
