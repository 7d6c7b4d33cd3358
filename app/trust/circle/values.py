"""What a viewer's trust looks like to the rest of the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from app.people.profiles.values import MemberCard

if TYPE_CHECKING:
    import graph


@dataclass(frozen=True, slots=True)
class Step:
    """One person on a trail; `None` stands for one who does not want to be named."""

    member: MemberCard | None

    @property
    def masked(self) -> bool:
        return self.member is None


@dataclass(frozen=True, slots=True)
class Trail:
    """The strongest way from the viewer (first step) to somebody (last step).

    `distance` is the fewest steps that lead there, which may be fewer than the trail has.
    `words` is text in the reader's language, made when it is shown.
    """

    steps: tuple[Step, ...]
    distance: int
    words: object

    @property
    def target(self) -> MemberCard | None:
        return self.steps[-1].member

    @property
    def handles(self) -> list[str | None]:
        """The path as the API and the command line give it: null for who is not named."""
        return [step.member.handle if step.member else None for step in self.steps]


class Circle:
    """The people that carry weight for a viewer, best first, without the viewer.

    Ways and distances are found when they are first asked for, and also for people outside.
    """

    def __init__(self, viewer_id: int, found: graph.Circle) -> None:
        self.viewer_id = viewer_id
        self._found = found

    @property
    def scores(self) -> Mapping[int, float]:
        return cast("dict[int, float]", self._found.scores)

    @property
    def ids(self) -> list[int]:
        return cast("list[int]", self._found.ids)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids)

    def __contains__(self, member_id: object) -> bool:
        return member_id in self._found

    def score(self, member_id: int) -> float:
        """0 for everybody outside."""
        return self._found.score(member_id)

    def distance(self, member_id: int) -> int | None:
        """Hops along the edges; None when there is no way, 0 for the viewer."""
        return 0 if member_id == self.viewer_id else self._found.distance(member_id)

    def path_ids(self, member_id: int) -> list[int]:
        """The strongest path, both ends included; empty when there is none."""
        return cast("list[int]", self._found.path(member_id) or [])

    def paths(self, member_ids: Iterable[int]) -> dict[int, list[int]]:
        """The strongest paths to many; who has none is left out."""
        others = {one for one in member_ids if one != self.viewer_id}
        return cast("dict[int, list[int]]", self._found.paths(sorted(others)))

    def within(self, hops: int) -> list[int]:
        """Who of the circle is at most so many steps away, best first."""
        far = hops + 1
        return [one for one in self.ids if (self._found.distance(one) or far) <= hops]


@dataclass(frozen=True, slots=True)
class Link:
    """Why one person on a trail trusts the next one."""

    kind: str  # vouch, import, invited, invited_by or hidden
    strength: str | None = None
    reason: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainedTrail:
    """A trail, and one link between each two of its steps."""

    trail: Trail
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that leads from a viewer to a person."""

    score: float
    distance: int | None
    independent_ways: int
    trails: tuple[ExplainedTrail, ...] = ()

    @property
    def paths(self) -> list[list[str | None]]:
        return [one.trail.handles for one in self.trails]

    def as_json(self) -> dict[str, object]:
        """The one form in which the API and the command line give it."""
        return {
            "score": self.score,
            "distance": self.distance,
            "independent_ways": self.independent_ways,
            "paths": self.paths,
        }


@dataclass(frozen=True, slots=True)
class CircleMember:
    """One person of a circle."""

    member: MemberCard
    score: float
    distance: int
    trail: Trail

    def as_json(self) -> dict[str, object]:
        """The one form in which the API and the command line give it."""
        return {
            "member": self.member.handle,
            "score": self.score,
            "distance": self.distance,
            "path": self.trail.handles,
        }


@dataclass(frozen=True, slots=True)
class CirclePage:
    """Some people of a circle, best first, and how many there are in all."""

    members: tuple[CircleMember, ...]
    total: int


@dataclass(frozen=True, slots=True)
class GraphStats:
    """The graph of this process in figures."""

    nodes: int
    edges: int
    bytes: int
    last_event: int

    def as_json(self) -> dict[str, int]:
        """As the command line gives it."""
        return {
            "nodes": self.nodes,
            "edges": self.edges,
            "bytes": self.bytes,
            "last_event": self.last_event,
        }
