"""How a viewer knows some people: one answer for a member or for a whole set of endorsers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graph.kinds import Id

Named = list[Id | None]  # a way in which None stands for somebody who does not want to be named


def mask(way: Sequence[Id], masked: Collection[Id]) -> Named:
    """A way with None for those in between who do not want to be named; its ends are never masked.

    >>> mask(["ana", "bo", "cem"], {"bo", "cem"})
    ['ana', None, 'cem']
    """
    last = len(way) - 1
    return [None if 0 < at < last and who in masked else who for at, who in enumerate(way)]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which of some people a viewer has a way to, the strongest way to each, and how many are independent.

    `paths` follows `people`, best trusted first. Four friends who all came
    through one inviter are four people and one way.
    """

    viewer: Id
    people: tuple[Id, ...]
    scores: tuple[float, ...]
    paths: tuple[Named, ...]
    independent_ways: int

    def __str__(self) -> str:
        people, ways = len(self.people), self.independent_ways
        return f"{people} {'person' if people == 1 else 'people'}, {ways} independent {'way' if ways == 1 else 'ways'}"
