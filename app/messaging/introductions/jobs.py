"""The clock of introductions."""

from __future__ import annotations

from app.messaging.introductions.service import end_overdue
from app.platform.jobs import periodic


@periodic("end_introductions", minutes=60)
def end_introductions() -> None:
    """What was not answered in time."""
    end_overdue()
