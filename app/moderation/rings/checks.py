"""Invariants of rings, for `kinmarket check`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.moderation.rings.models import RingFinding
from app.moderation.rings.values import RingStatus
from app.platform.database import db


def run() -> Iterator[str]:
    """A finding is open or was decided at some time, and its figures are shares."""
    for row in db.session.scalars(select(RingFinding)):
        if row.status not in set(RingStatus):
            yield f"ring {row.id} has the unknown status {row.status}"
        if (row.status == RingStatus.OPEN) != (row.decided_at is None):
            yield f"ring {row.id} is {row.status}, which its time of decision denies"
        shares = (row.density, row.closed, row.suspicion, row.alike or 0.0)
        if not all(0.0 <= share <= 1.0 for share in shares):
            yield f"ring {row.id} has a share outside 0 to 1"


CHECKS = {"rings": run}
