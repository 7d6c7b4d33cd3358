"""What the graph does at night."""

from __future__ import annotations

from app.platform.jobs import periodic
from app.trust.circle import service


@periodic("trust.snapshot", minutes=24 * 60)
def keep_snapshot() -> None:
    """So that the next start reads little of the log; also written at an orderly shutdown."""
    service.keep()
