"""The clock of orders."""

from __future__ import annotations

from app.market.orders.deadlines import end_overdue, remind
from app.platform.jobs import periodic


@periodic("order_deadlines", minutes=1)
def deadlines() -> None:
    """Reminders first: what ends now was announced."""
    remind()
    end_overdue()
