"""What happens to vouches."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event
from app.kernel.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class VouchGiven(Event):
    """A member vouched for another, or changed the vouch."""

    truster_id: MemberId
    trustee_id: MemberId
    weight: float


@dataclass(frozen=True, kw_only=True)
class VouchWithdrawn(Event):
    """A member took a vouch back."""

    truster_id: MemberId
    trustee_id: MemberId
