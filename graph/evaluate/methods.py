"""Ways to recommend: each takes what is known and scores all items for some members."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph import TrustGraph

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Score = Callable[[Numbers], Floats]

NEIGHBOURS = 50
EASE_ITEMS = 4000
BETA = 0.4
SEEDS = 20
RIDGE = 250.0


def _inverse(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _degrees(known: Any, axis: int) -> Floats:
    return np.asarray(known.sum(axis=axis), np.float64).ravel()


def popularity(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """How many recommend it."""
    counts = _degrees(known, 0)
    return lambda who: np.tile(counts, (who.shape[0], 1))


def most_trusted(trust: Numbers) -> Numbers:
    """Seeds, where no operator has named any: who is trusted by most."""
    names, received = np.unique(trust[:, 1], return_counts=True)
    return np.asarray(names[np.argsort(-received, kind="stable")[:SEEDS]], np.int64)


def standing(known: Any, graph: TrustGraph, seeds: Numbers) -> Floats:
    """How much of the community's standing recommends each item."""
    ranks: Floats = np.zeros(known.shape[0])
    if seeds.shape[0]:
        for who, value in graph.reputation(seeds.tolist()).items():
            ranks[int(who)] = value
    return np.asarray(known.T @ ranks)


def seeded(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """Popularity that counts members by their standing: fakes have none."""
    worth = standing(known, graph, seeds)
    return lambda who: np.tile(worth, (who.shape[0], 1))


def trust(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """How much of the viewer's trust recommends it; standing fills what the circle leaves empty."""
    faint = standing(known, graph, seeds) * 1e-3

    def score(who: Numbers) -> Floats:
        rows: Floats = np.zeros((who.shape[0], known.shape[0]))
        for row, member in enumerate(who.tolist()):
            for other, value in graph.scores(member).items():
                rows[row, int(other)] = value
        return np.asarray(np.asarray((sparse.csr_matrix(rows) @ known).todense()) + faint)

    return score


def user_cf(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """Cosine between members, the fifty nearest."""
    norm = sparse.diags(_inverse(np.sqrt(_degrees(known, 1))))
    like = (norm @ known).tocsr()

    def score(who: Numbers) -> Floats:
        near = np.asarray((like[who] @ like.T).todense())
        near[np.arange(who.shape[0]), who] = 0.0
        if near.shape[1] > NEIGHBOURS:
            cut = np.partition(near, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS]
            near[near < cut[:, None]] = 0.0
        return np.asarray((sparse.csr_matrix(near) @ known).todense())

    return score


def item_cf(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """Cosine between items."""
    norm = sparse.diags(_inverse(np.sqrt(_degrees(known, 0))))
    like = (known @ norm).tocsc()
    return lambda who: np.asarray(((known[who] @ norm) @ like.T @ like).todense())


def rp3beta(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """Three steps between members and items, popular items held back."""
    member = sparse.diags(_inverse(_degrees(known, 1))) @ known
    item = sparse.diags(_inverse(_degrees(known, 0))) @ known.T
    held = _inverse(_degrees(known, 0) ** BETA)
    return lambda who: np.asarray(np.asarray((member.tocsr()[who] @ item @ member).todense()) * held)


def ease(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """Embarrassingly shallow autoencoder, on the most recommended items."""
    counts = _degrees(known, 0)
    kept = np.sort(np.argsort(-counts, kind="stable")[:EASE_ITEMS])
    part = known[:, kept]
    gram = np.asarray((part.T @ part).todense(), np.float64)
    gram[np.diag_indices_from(gram)] += RIDGE
    inverse = np.linalg.inv(gram)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)

    def score(who: Numbers) -> Floats:
        rows: Floats = np.zeros((who.shape[0], known.shape[1]))
        rows[:, kept] = part[who] @ weights
        return rows

    return score


def als(known: Any, graph: TrustGraph, seeds: Numbers) -> Score:
    """Implicit matrix factorisation, where the package `implicit` is installed."""
    made = importlib.import_module("implicit.als")
    model = made.AlternatingLeastSquares(factors=64, regularization=0.05, random_state=0, num_threads=2)
    model.fit(known.astype(np.float32), show_progress=False)
    return lambda who: np.asarray(model.user_factors[who] @ model.item_factors.T, np.float64)


def shares(scores: Floats) -> Floats:
    """Scores between 0 and 1 for each member, so that methods can be added up."""
    top = scores.max(axis=1, keepdims=True)
    return np.asarray(np.divide(scores, top, out=np.zeros_like(scores), where=top > 0))


METHODS: dict[str, Callable[[Any, TrustGraph, Numbers], Score]] = {
    "popularity": popularity,
    "seeded": seeded,
    "trust": trust,
    "item-CF": item_cf,
    "user-CF": user_cf,
    "RP3beta": rp3beta,
    "EASE": ease,
    "ALS": als,
}
