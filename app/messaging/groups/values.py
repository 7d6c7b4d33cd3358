"""Open rooms as their visitors see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.kernel.ids import ConversationId
from app.people.profiles.values import MemberCard
from app.trust.circle.values import Trail

MAX_ABOUT_LENGTH: Final = 500
MAX_PLACE_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be brought into a group, and the way to them."""

    member: MemberCard
    trail: Trail | None


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room that everybody may enter, with the people in it whom the viewer trusts."""

    id: ConversationId
    title: str
    about: str
    place: str
    people: int
    inside: bool
    trusted: int = 0
    trail: Trail | None = None  # the way to the nearest of them

    @property
    def url(self) -> str:
        return f"/messages/{self.id}" if self.inside else f"/rooms/{self.id}"
