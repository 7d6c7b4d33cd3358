"""Who looks, as every wing may know them."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.ids import MemberId


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member who is signed in, or whose token asks."""

    id: MemberId
    handle: str
    name: str
    roles: frozenset[str]
    avatar_url: str | None = None
    locale: str | None = None

    @property
    def hue(self) -> int:
        return self.id % 12

    def is_a(self, *roles: str) -> bool:
        """Whether the viewer has one of the roles; an operator may do what a moderator may."""
        wanted = set(roles) | ({"operator"} if "moderator" in roles else set())
        return bool(self.roles & wanted)
