"""The clock of bookings."""

from __future__ import annotations

from app.market.bookings.service import remind
from app.platform.jobs import periodic


@periodic("booking_reminders", minutes=5)
def reminders() -> None:
    """A day before."""
    remind()
