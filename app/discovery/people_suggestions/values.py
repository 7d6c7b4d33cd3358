"""People to meet, friends in common, and the circle as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

DRAWN: Final = 300  # people of the circle in its picture
SUGGESTED: Final = 12
NOT_NOW: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody whom people I trust know: `ways` share nobody."""

    member: MemberCard
    trail: Trail
    ways: int
    vouches: bool = False  # for the viewer, already


@dataclass(frozen=True, slots=True)
class PeopleToMeet:
    """Who vouches for the viewer already, apart from the others."""

    vouching: tuple[Suggestion, ...]
    others: tuple[Suggestion, ...]

    def __bool__(self) -> bool:
        return bool(self.vouching or self.others)


@dataclass(frozen=True, slots=True)
class Friends:
    """Whom both trust; `masked` ones do not want to be named."""

    faces: tuple[MemberCard, ...]
    more: int
    masked: int

    @property
    def total(self) -> int:
        return len(self.faces) + self.more + self.masked


@dataclass(frozen=True, slots=True)
class Dot:
    """One person of the picture; without a member: one who does not want to be named."""

    member: MemberCard | None
    hops: int
    score: float
    muted: bool = False

    def as_json(self) -> dict[str, object]:
        """A masked one keeps nothing by which it could be told from another."""
        one = self.member
        return {
            "handle": one.handle if one else None,
            "name": one.name if one else None,
            "hue": one.hue if one else None,
            "hops": self.hops,
            "score": round(self.score, 5) if one else None,
            "face": one.avatar_url if one else None,
            "muted": self.muted,
        }


@dataclass(frozen=True, slots=True)
class Picture:
    """The viewer is the first dot; edges join places in the list."""

    dots: tuple[Dot, ...]
    edges: tuple[tuple[int, int], ...]
    total: int

    def as_json(self) -> dict[str, object]:
        return {
            "people": [dot.as_json() for dot in self.dots],
            "edges": [list(edge) for edge in self.edges],
            "total": self.total,
        }
