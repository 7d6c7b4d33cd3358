"""What a vouch may be: decisions on plain values."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.trust.vouches.values import Strength

LONGEST = timedelta(days=3653)


def strength_of(name: str | None) -> Strength | None:
    """The strength of that name; None when there is none such."""
    try:
        return Strength(name) if name else None
    except ValueError:
        return None


def fits_expiry(expires_at: datetime | None, now: datetime) -> bool:
    """No end, or one that lies ahead within ten years."""
    return expires_at is None or now < expires_at <= now + LONGEST


def in_force(expires_at: datetime | None, now: datetime) -> bool:
    """Whether a vouch with that end counts now."""
    return expires_at is None or expires_at > now
