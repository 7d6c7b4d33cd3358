"""What happens to vouches."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class VouchGiven(Event):
    """A member vouched for another, or changed the vouch."""

    truster_id: int
    trustee_id: int
    weight: float


@dataclass(frozen=True, kw_only=True)
class VouchWithdrawn(Event):
    """A member took a vouch back."""

    truster_id: int
    trustee_id: int
