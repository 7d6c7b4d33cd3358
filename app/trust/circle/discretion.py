"""Ways that may be told, where somebody on them does not want to be named.

A mask hides nobody who is the only one that fits: whoever vouches for just one discreet member would
read all of that member's vouches behind it. So a way goes on through a discreet member only where at
least three people could stand in the place; else another way is told, or none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from app.kernel.ids import MemberId
from graph import TrustGraph

FITTING = 3  # people who could be a link that is not named


class Discretion:
    """For one viewer, as long as the graph and the wishes stay as they are."""

    def __init__(
        self, trust: TrustGraph, viewer_id: MemberId, discreet: frozenset[MemberId], topic: str | None
    ) -> None:
        self._trust = trust
        self._viewer_id = viewer_id
        self.of = discreet  # as it was given: another one makes another circle
        self._discreet = discreet - {viewer_id}
        self._topic = topic
        self._trusted: dict[MemberId, frozenset[MemberId]] = {}

    def __bool__(self) -> bool:
        return bool(self._discreet)

    def ways(self, found: Mapping[MemberId, Sequence[MemberId]]) -> dict[MemberId, list[MemberId]]:
        """Give the ways with others in the place of those that would tell too much; without the rest."""
        told = {one: list(way) for one, way in found.items() if self.tellable(way)}
        rest = found.keys() - told.keys()
        # A discreet member may be an end, so each of them is sought past the others.
        told.update(self._past([one for one in rest if one not in self._discreet], self._discreet))
        for one in rest & self._discreet:
            told.update(self._past([one], self._discreet - {one}))
        return {one: told[one] for one in found if one in told}

    def tellable(self, way: Sequence[MemberId]) -> bool:
        """Whether each link that is not named could be somebody else."""
        inner = zip(way, way[1:], way[2:], strict=False)
        return all(self._fits(before, after) for before, one, after in inner if one in self._discreet)

    def distances(self, ways: Mapping[MemberId, Sequence[MemberId]]) -> dict[MemberId, int]:
        """Steps to these people, by the ways that are told or others that pass nobody discreet."""
        if not ways:
            return {}
        open_ways = self._trust.distances(self._viewer_id, list(ways), avoid=self._discreet)
        direct = self._trusted_by(self._viewer_id)
        return {
            one: 1 if one in direct else min(len(way) - 1, open_ways.get(one, len(way))) for one, way in ways.items()
        }

    def independent_ways(self, ways: Mapping[MemberId, Sequence[MemberId]], cutoff: int) -> int:
        """By how many ways these are reached that pass nobody discreet, and one more that is told behind masks.

        `ways` are those that are told. More behind masks would tell how many stand there.
        """
        if not ways:
            return 0
        past = self._discreet.difference(ways)
        found = self._trust.independent_ways(self._viewer_id, list(ways), cutoff, avoid=past)
        middles = [set(way[1:-1]) for way in ways.values()]
        hidden = any(inner and inner <= self._discreet for inner in middles)
        return min(cutoff, max(1, found + hidden))

    def ways_to_each(self, ways: Mapping[MemberId, Sequence[MemberId]], cutoff: int) -> dict[MemberId, int]:
        """Count the ways to each of them alone, past whom nobody is named."""
        found = self._trust.ways_to_each(self._viewer_id, list(ways), cutoff, avoid=self._discreet)
        return {one: max(1, found.get(one, 0)) for one in ways}

    def _past(self, ids: Sequence[MemberId], avoid: Collection[MemberId]) -> dict[MemberId, list[MemberId]]:
        if not ids:
            return {}
        found = self._trust.best_paths(self._viewer_id, ids, topic=self._topic, avoid=avoid)
        ways = {int(one): [int(step) for step in way] for one, way in found.items()}
        return cast("dict[MemberId, list[MemberId]]", ways)

    def _fits(self, before: MemberId, after: MemberId) -> bool:
        """Whether enough people stand between these two."""
        fitting = 0
        for one in self._trusted_by(before):
            fitting += one not in {before, after} and after in self._trusted_by(one)
            if fitting == FITTING:
                return True
        return False

    def _trusted_by(self, member_id: MemberId) -> frozenset[MemberId]:
        found = self._trusted.get(member_id)
        if found is None:
            found = frozenset(MemberId(int(one)) for one in self._trust.neighbours(member_id))
            self._trusted[member_id] = found
        return found
