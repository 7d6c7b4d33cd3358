"""What happens between people who want no contact."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class MemberBlocked(Event):
    """One member wants nothing to do with another; trust between them ends."""

    blocker_id: MemberId
    blocked_id: MemberId


@dataclass(frozen=True, kw_only=True)
class MemberUnblocked(Event):
    """The block was lifted."""

    blocker_id: MemberId
    blocked_id: MemberId
