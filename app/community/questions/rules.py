"""How far an ask goes, and when it goes further."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from app.community.questions.values import CIRCLE, EVERYBODY, WAIT


def first_hops(reach: int, distances: Collection[int]) -> int:
    """Where an ask begins: the circle; further when the circle is empty and it may go further."""
    if CIRCLE in distances or reach == CIRCLE:
        return CIRCLE
    return next_hops(CIRCLE, reach, distances)


def next_hops(hops: int, reach: int, distances: Collection[int]) -> int:
    """The next step out that finds somebody; steps at which nobody is are no reason to wait a day."""
    steps = range(hops + 1, reach + 1)
    return next((step for step in steps if step == EVERYBODY or step in distances), max(hops, reach))


def widens_at(widened_at: datetime, *, hops: int, reach: int, answers: int) -> datetime | None:
    """When an open ask goes further by itself; None when it does not."""
    return widened_at + WAIT if hops < reach and not answers else None
