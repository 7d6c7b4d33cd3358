"""The reach of sellers follows the trust graph."""

from __future__ import annotations

from app.market.audiences.service import forget_idle, read_oldest
from app.platform.jobs import periodic


@periodic("read_reaches", minutes=1)
def read_reaches() -> None:
    """A few hundred circles at most: the longest unread first."""
    read_oldest()


@periodic("forget_reaches", minutes=24 * 60)
def forget_reaches() -> None:
    """Of sellers who show everything to everyone."""
    forget_idle()
