"""Who is worth meeting, and which lines a picture has: pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

MOST_WAYS = 5  # that count: five friends who say the same are as good as ten


def worth(score: float, ways: int) -> float:
    """How much speaks for a suggestion: the trust that arrives, more when it comes by several ways."""
    return score * min(max(ways, 1), MOST_WAYS)


def join(
    ids: Sequence[int], trusted: Mapping[int, Mapping[int, float]], masked: Collection[int]
) -> tuple[tuple[int, int], ...]:
    """One line for two people who trust each other in either direction, by their places.

    Between two who are not named there is none: it would tell them from others.
    """
    places = {one: place for place, one in enumerate(ids)}
    lines = set()
    for one in ids:
        for other in trusted.get(one, ()):
            if other in places and other != one and not (one in masked and other in masked):
                a, b = places[one], places[other]
                lines.add((min(a, b), max(a, b)))
    return tuple(sorted(lines))
