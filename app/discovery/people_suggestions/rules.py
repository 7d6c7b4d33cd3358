"""Which lines a picture has: pure decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from app.kernel.ids import MemberId


def join(
    ids: Sequence[MemberId],
    trusted: Mapping[MemberId, Mapping[MemberId, float]],
    masked: Collection[MemberId],
    *,
    least: int = 1,
) -> tuple[tuple[int, int], ...]:
    """One line for two people who trust each other in either direction, by their places.

    Between two who are not named there is none: it would tell them from others. Between one who is
    not named and somebody beside the first there is one where at least so many are joined to them.
    """
    places = {one: place for place, one in enumerate(ids)}
    pairs = {
        (min(places[one], places[other]), max(places[one], places[other]))
        for one in ids
        for other in trusted.get(one, ())
        if other in places and other != one and not (one in masked and other in masked)
    }
    hidden = {places[one] for one in masked if one in places}
    around = Counter(a if b in hidden else b for a, b in pairs if a in hidden or b in hidden)
    return tuple(
        sorted(
            (a, b)
            for a, b in pairs
            if not (a in hidden or b in hidden) or a == 0 or around[a if b in hidden else b] >= least
        )
    )
