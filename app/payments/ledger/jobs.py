"""Holds whose time is over."""

from __future__ import annotations

from app.payments.ledger.service import void_expired
from app.platform.jobs import periodic


@periodic("void_expired_holds", minutes=1)
def sweep() -> None:
    """What was set aside and never taken is free again."""
    void_expired()
