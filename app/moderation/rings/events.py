"""What happens to rings."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId, RingId


@dataclass(frozen=True, kw_only=True)
class RingFound(Event):
    """Members vouch for each other in a closed cluster; moderators look at it, nothing else follows."""

    ring_id: RingId
    members: int


@dataclass(frozen=True, kw_only=True)
class RingDecided(Event):
    """A moderator dismissed the finding or reported members of it."""

    ring_id: RingId
    moderator_id: MemberId
    status: str
