"""The clock of reviews."""

from __future__ import annotations

from app.market.reviews.service import pass_time
from app.platform.jobs import periodic


@periodic("review_times", minutes=5)
def review_times() -> None:
    """Reminders, what is uncovered when the time is over, and the question after a month."""
    pass_time()
