"""What others see of a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.ids import MemberId

HUES = 12
MAX_BIO_LENGTH = 1000
MAX_PLACE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A face with a name: what a chip, a trail or a message needs."""

    id: MemberId
    handle: str
    name: str
    avatar_url: str | None
    hue: int
    discreet: bool = False
    certified: bool = False  # trust from the operator's seeds reaches them


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDraft:
    """What members say of themselves, as they type it."""

    name: str
    bio: str
    place: str
    discreet: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What the profile page says of a member to everybody."""

    card: MemberCard
    bio: str
    place: str
    joined_at: datetime
    picture_url: str | None
    suspended: bool
    roles: frozenset[str]


def hue_of(member_id: MemberId) -> int:
    """Which of the colours a member without a picture has."""
    return member_id % HUES
