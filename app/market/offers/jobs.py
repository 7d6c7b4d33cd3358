"""The clock of offers."""

from __future__ import annotations

from app.market.offers.deadlines import end_overdue, remind
from app.platform.jobs import periodic


@periodic("offer_deadlines", minutes=1)
def deadlines() -> None:
    """Reminders first: what ends now was announced."""
    remind()
    end_overdue()
