"""The clock of cases."""

from __future__ import annotations

from app.market.cases.deadlines import end_overdue, remind
from app.platform.jobs import periodic


@periodic("case_deadlines", minutes=1)
def deadlines() -> None:
    """Reminders first: what ends now was announced."""
    remind()
    end_overdue()
