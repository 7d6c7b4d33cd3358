"""What a viewer's trust looks like to the rest of the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from app.kernel.ids import MemberId
from app.kernel.lazy_text import LazyText
from app.people.profiles.values import MemberCard

if TYPE_CHECKING:
    import graph
    from app.trust.circle.discretion import Discretion


@dataclass(frozen=True, slots=True)
class Step:
    """One person on a trail; `None` stands for one who does not want to be named."""

    member: MemberCard | None

    @property
    def masked(self) -> bool:
        return self.member is None


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """The strongest way from the viewer (first step) to somebody (last step).

    `distance` is the fewest steps that lead there, which may be fewer than the trail has.
    `words` is text in the reader's language, made when it is shown; `note` says the same beside the name of
    who stands at the end. A borrowed trail begins with
    who invited the viewer, whom the viewer does not vouch for. Each is only itself, so that what is drawn
    of it is found without a look at all its faces.
    """

    steps: tuple[Step, ...]
    distance: int
    words: LazyText
    note: LazyText
    borrowed: bool = False

    @property
    def target(self) -> MemberCard | None:
        return self.steps[-1].member

    @property
    def handles(self) -> list[str | None]:
        """The path as the API and the command line give it: null for who is not named."""
        return [step.member.handle if step.member else None for step in self.steps]


def all_through(trails: Sequence[Trail], *, ends: bool = False) -> MemberCard | None:
    """Who stands on every one of several ways, the nearest to the viewer; `ends`: also as where one ends."""
    if len(trails) < 2:
        return None
    between = [trail.steps[1 : None if ends else -1] for trail in trails]
    shared = set.intersection(*({step.member for step in steps} for steps in between))
    return next((step.member for step in between[0] if step.member and step.member in shared), None)


class CircleView:
    """The people that carry weight for a viewer, best first, without the viewer.

    Ways and distances are found when they are first asked for, and also for people outside.
    """

    def __init__(
        self, viewer_id: MemberId, found: graph.Circle, discretion: Discretion, lender_id: MemberId | None = None
    ) -> None:
        self.viewer_id = viewer_id
        self.lender_id = lender_id  # whose circle a newcomer borrows
        self.discretion = discretion
        self._found = found
        self._told: dict[MemberId, list[MemberId] | None] = {}
        self._steps: dict[MemberId, int | None] = {}
        # Trails that have been told, with the faces that they were made of.
        self.trails: dict[MemberId, tuple[tuple[MemberCard | None, ...], Trail | None]] = {}

    @property
    def borrowed(self) -> float:
        """The share that rests on the inviter alone: 1.0 for a newcomer, fading with own vouches."""
        return self._found.borrowed if self.lender_id is not None else 0.0

    @cached_property
    def scores(self) -> Mapping[MemberId, float]:
        """Of whom a way that can be told leads to."""
        found = cast("dict[MemberId, float]", self._found.scores)
        if not self.discretion:
            return found
        ways = self.paths(found)
        return {one: score for one, score in found.items() if one in ways}

    @cached_property
    def ids(self) -> list[MemberId]:
        return list(self.scores)

    def __len__(self) -> int:
        return len(self.scores)

    def __iter__(self) -> Iterator[MemberId]:
        return iter(self.ids)

    def __contains__(self, member_id: object) -> bool:
        return member_id in self.scores

    def score(self, member_id: MemberId) -> float:
        """0 for everybody outside."""
        return self.scores.get(member_id, 0.0)

    def distance(self, member_id: MemberId) -> int | None:
        """Hops along the edges; None when there is no way, 0 for the viewer."""
        if member_id == self.viewer_id:
            return 0
        if not self.discretion:
            return self._found.distance(member_id)
        if member_id not in self._steps:
            self._steps[member_id] = None
            wanted = self.scores if member_id in self.scores else [member_id]
            self._steps.update(self.discretion.distances(self.paths(wanted)))
        return self._steps[member_id]

    def path_ids(self, member_id: MemberId) -> list[MemberId]:
        """The strongest path, both ends included; empty when there is none."""
        return self.paths([member_id]).get(member_id, [])

    def paths(self, member_ids: Iterable[MemberId]) -> dict[MemberId, list[MemberId]]:
        """The strongest paths to many that can be told; who has none is left out."""
        others = {one for one in member_ids if one != self.viewer_id}
        if not self.discretion:
            return cast("dict[MemberId, list[MemberId]]", self._found.paths(sorted(others)))
        new = sorted(one for one in others if one not in self._told)
        if new:
            ways = self.discretion.ways(cast("dict[MemberId, list[MemberId]]", self._found.paths(new)))
            self._told.update((one, ways.get(one)) for one in new)
        return {one: way for one in others if (way := self._told[one]) is not None}

    def within(self, hops: int) -> list[MemberId]:
        """Who of the circle is at most so many steps away, best first."""
        far = hops + 1
        return [one for one in self.ids if (self.distance(one) or far) <= hops]


@dataclass(frozen=True, slots=True)
class Link:
    """Why one person on a trail trusts the next one."""

    kind: str  # vouch, import, trade, invited, invited_by or hidden
    strength: str | None = None
    reason: str | None = None
    topic: str | None = None
    orders: int = 0  # of a trade: how many ended well

    def as_json(self) -> dict[str, object]:
        """The one form in which the API and the command line give it; a hidden one says no more."""
        found: dict[str, object] = {"kind": self.kind}
        for name in ("strength", "reason", "topic", "orders"):
            value = getattr(self, name)
            if value:
                found[name] = value
        return found


@dataclass(frozen=True, slots=True)
class ExplainedTrail:
    """A trail, and one link between each two of its steps."""

    trail: Trail
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """Everything that leads from a viewer to a person."""

    score: float
    distance: int | None
    independent_ways: int
    trails: tuple[ExplainedTrail, ...] = ()
    topic: str | None = None

    @property
    def borrowed(self) -> bool:
        """Whether the strongest path is borrowed from who invited the viewer."""
        return bool(self.trails) and self.trails[0].trail.borrowed

    @property
    def through(self) -> MemberCard | None:
        """Who stands on all the ways, where there is but one that shares nobody with another."""
        return all_through([one.trail for one in self.trails]) if self.independent_ways == 1 else None

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
            **({"links": [_links(one) for one in self.trails]} if self.trails else {}),
            **_borrowed(self.borrowed),
        }


@dataclass(frozen=True, slots=True)
class SetMember:
    """One of several people, and the strongest way there; no trail where there is no way."""

    member: MemberCard
    score: float
    way: ExplainedTrail | None

    def as_json(self) -> dict[str, object]:
        """The one form in which the API and the command line give it."""
        way = self.way
        return {
            "member": self.member.handle,
            "score": self.score,
            "distance": way.trail.distance if way else None,
            "path": way.trail.handles if way else None,
            **({"links": _links(way), **_borrowed(way.trail.borrowed)} if way else {}),
        }


@dataclass(frozen=True, slots=True)
class SetExplanation:
    """How the viewer knows several people together, the nearest first."""

    members: tuple[SetMember, ...]
    independent_ways: int

    @property
    def through(self) -> MemberCard | None:
        """Who stands on all the ways, where there is but one that shares nobody with another."""
        ways = [one.way.trail for one in self.members if one.way]
        return all_through(ways, ends=True) if self.independent_ways == 1 else None

    @property
    def direct(self) -> bool:
        """Whether the viewer knows all of them without anybody in between."""
        return all(one.way is not None and len(one.way.trail.steps) == 2 for one in self.members)

    @property
    def reached(self) -> int:
        """To how many of them a way leads."""
        return sum(one.way is not None for one in self.members)

    def as_json(self) -> dict[str, object]:
        """The one form in which the API and the command line give it."""
        return {
            "people": self.reached,
            "independent_ways": self.independent_ways,
            "members": [one.as_json() for one in self.members],
        }


def _links(way: ExplainedTrail) -> list[dict[str, object]]:
    return [link.as_json() for link in way.links]


def _borrowed(yes: bool) -> dict[str, object]:
    """Say it only where it is so."""
    return {"borrowed": True} if yes else {}


@dataclass(frozen=True, slots=True)
class Meeting:
    """Somebody whom the viewer may want to meet."""

    member_id: MemberId
    score: float
    vouches: bool  # for the viewer, already


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
            **_borrowed(self.trail.borrowed),
        }


@dataclass(frozen=True, slots=True)
class CirclePage:
    """Some people of a circle, best first, and how many there are in all."""

    members: tuple[CircleMember, ...]
    total: int
    next: str | None = None  # a cursor
    borrowed: float = 0.0  # the share that rests on who invited the viewer
    lender: MemberCard | None = None  # that is who; None also when they don't want to be named


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
