"""Whose word counts beyond circles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.arguments import real
from graph.errors import GraphError
from graph.ranking.constants import HEARD_SHARE


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
