"""Weights in one byte each: fifty steps a decade, so that ratios are kept from 1 down to 0.00001.

What a person would write (0.3, 0.6, 0.25, 0.002: one digit, or one and a half) stands in the
table as it is and reads back unchanged; any other weight is off by four per cent at most.
A larger code is a larger weight, 0 is no edge.
"""

from __future__ import annotations

import math
from bisect import bisect_left

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import GraphError

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

DECADES, STEPS = 5, 50
FULL = DECADES * STEPS + 1  # the code of a weight of 1
SMALLEST = 10.0**-DECADES
ERROR = 0.04  # by this part of itself a weight is changed at most; those below the smallest become it


def _table() -> Floats:
    table: Floats = np.zeros(256)
    table[1 : FULL + 1] = 10.0 ** ((np.arange(1, FULL + 1) - FULL) / STEPS)
    for digits in range(10, 100, 5):
        for place in range(2, DECADES + 2):
            written = float(f"{digits}e-{place}")
            table[FULL + round(STEPS * math.log10(written))] = written
    return table


WEIGHTS = _table()  # the weight of each code
_BETWEEN = np.sqrt(WEIGHTS[1:FULL] * WEIGHTS[2 : FULL + 1])  # where one code ends and the next begins
_ENDS: list[float] = _BETWEEN.tolist()


def encoded(weight: object) -> int:
    """The code of a weight in (0, 1], the nearest by ratio; raises for anything else.

    >>> float(WEIGHTS[encoded(0.6)]), float(WEIGHTS[encoded(0.001)])
    (0.6, 0.001)
    """
    given = math.nan
    if type(weight) is float:
        given = weight
    elif not isinstance(weight, bool | np.bool_ | str | bytes | np.ndarray):
        try:
            given = float(weight)  # type: ignore[arg-type] # that is what is being asked
        except (TypeError, ValueError, OverflowError):
            given = math.nan
    if not 0.0 < given <= 1.0:
        raise GraphError(f"a weight lies above 0 and is at most 1, not {weight!r}")
    return bisect_left(_ENDS, given) + 1


def all_encoded(weights: ArrayLike | None, length: int) -> Bytes:
    """The codes of many weights; one alone stands for all, None for ones."""
    if weights is None:
        return np.full(length, FULL, np.uint8)
    given = _numbers(weights)
    if given.ndim == 0:
        given = np.full(length, float(given))
    if given.shape != (length,):
        raise GraphError(f"{length} edges, but weights of the shape {given.shape}")
    bad = ~((given > 0.0) & (given <= 1.0))
    if bad.any():
        at = int(np.argmax(bad))
        raise GraphError(f"a weight lies above 0 and is at most 1, not {given[at]} (edge {at})")
    return (np.searchsorted(_BETWEEN, given) + 1).astype(np.uint8)


def stored(weight: float) -> float:
    """What a weight reads back as.

    >>> stored(0.3), round(stored(0.308), 4)
    (0.3, 0.3)
    """
    return float(WEIGHTS[encoded(weight)])


def _numbers(weights: ArrayLike) -> Floats:
    try:
        given = np.asarray(weights)
        if given.dtype.kind == "O":  # such as fractions; each is looked at
            return np.array([WEIGHTS[encoded(one)] for one in given.ravel()]).reshape(given.shape)
        if given.dtype.kind in "iuf":
            return np.asarray(given, np.float64)
    except (TypeError, ValueError):
        pass
    raise GraphError("weights must be numbers")
