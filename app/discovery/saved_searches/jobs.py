"""Daily and weekly summaries of saved searches."""

from __future__ import annotations

from app.discovery.saved_searches.service import tell_due
from app.platform.jobs import periodic


@periodic("saved_searches", minutes=60)
def summaries() -> None:
    """Whose day or week is over."""
    tell_due()
