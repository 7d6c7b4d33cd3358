"""What others see of a member."""

from __future__ import annotations

from dataclasses import dataclass

HUES = 12


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A face with a name: what a chip, a trail or a message needs."""

    id: int
    handle: str
    name: str
    avatar_url: str | None
    hue: int
    discreet: bool = False


def hue_of(member_id: int) -> int:
    """Which of the colours a member without a picture has."""
    return member_id % HUES
