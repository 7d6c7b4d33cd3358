"""What goes with what: EASE (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Numbers = NDArray[np.int64]


def kernel(
    rows: Numbers,
    columns: Numbers,
    weights: Floats,
    items: int,
    most: int,
    ridge: float,
) -> tuple[Singles, Numbers]:
    """How much each item speaks for each other one, among the `most` recommended.

    One inversion, so the number of items is bounded.
    """
    from scipy import sparse  # noqa: PLC0415 - scipy: 25 MB and a fifth of a second, which most processes never need

    counts = np.bincount(columns, weights, items)
    kept = np.sort(np.argsort(-counts, kind="stable")[:most])
    kept = kept[counts[kept] > 0]
    if not kept.shape[0]:
        return np.zeros((0, 0), np.float32), kept
    place = np.full(items, -1, np.int64)
    place[kept] = np.arange(kept.shape[0])
    inside = place[columns] >= 0
    pairs = (rows[inside], place[columns[inside]])
    shape = (int(rows.max()) + 1, kept.shape[0])
    part: Any = sparse.csr_matrix((np.sqrt(weights[inside]), pairs), shape)
    gram = np.asarray((part.T @ part).todense(), np.float64)
    gram[np.diag_indices_from(gram)] += ridge
    inverse = np.linalg.inv(gram)
    found = inverse / -np.diag(inverse)
    np.fill_diagonal(found, 0.0)
    return found.astype(np.float32), kept
