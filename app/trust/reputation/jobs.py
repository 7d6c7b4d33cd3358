"""Reputation in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.kernel.clock import clock
from app.kernel.ids import RunId
from app.platform.jobs import Later, job, periodic
from app.trust.reputation import service
from app.trust.reputation.queries import latest_run

NIGHT: Final = timedelta(hours=12)


@job("trust.compute_reputation")
def compute(run_id: RunId) -> None:
    """What the operator asked for by the button."""
    service.compute(run_id)


@periodic("trust.reputation", minutes=24 * 60)
def compute_nightly() -> None:
    """Once a night: what was done already is not done again, what was broken off is."""
    last = latest_run()
    if last and last.finished_at and not last.problem and last.finished_at > clock.now() - NIGHT:
        return
    if not service.compute_nightly() and last and last.finished_at is None:
        raise Later("a run is under way, or was broken off a moment ago")
