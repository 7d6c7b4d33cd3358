"""Asks that nobody has answered go further."""

from __future__ import annotations

from app.community.questions.widening import widen_due
from app.platform.jobs import periodic


@periodic("widen_asks", minutes=10)
def widen() -> None:
    """Each ask by one step a day, as far as its author chose."""
    widen_due()
