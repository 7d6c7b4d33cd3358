"""Reputation in the background."""

from __future__ import annotations

from app.platform.jobs import job, periodic
from app.trust.reputation import service


@job("trust.compute_reputation")
def compute(run_id: int) -> None:
    """What the operator asked for by the button."""
    service.compute(run_id)


@periodic("trust.reputation", minutes=24 * 60)
def compute_nightly() -> None:
    """Once a night."""
    service.compute_nightly()
