"""Decisions about presence on plain values."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.messaging.presence.values import ONLINE_FOR, Nearness


def nearness(seen_at: datetime | None, now: datetime) -> Nearness:
    """Online, today, this week, or longer ago."""
    if seen_at is None:
        return Nearness.UNKNOWN
    ago = now - seen_at
    if ago <= ONLINE_FOR:
        return Nearness.ONLINE
    if ago <= timedelta(days=1):
        return Nearness.TODAY
    return Nearness.THIS_WEEK if ago <= timedelta(days=7) else Nearness.LONG_AGO
