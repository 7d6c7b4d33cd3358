"""The number at the moderators' shield: everything that waits for them."""

from __future__ import annotations

from functools import reduce
from operator import add

from sqlalchemy import ScalarSelect, select

from app.community.item_merges.queries import waiting
from app.kernel.viewer import Viewer
from app.market.cases.queries import queued
from app.moderation.held_messages.queries import held_badge
from app.moderation.reports.queries import open_count
from app.moderation.rings.queries import open_rings


def everything_waiting(viewer: Viewer) -> ScalarSelect[int] | None:
    """Reports, proposals of merges, held messages, rings and complaints about orders: every list of the desk."""
    counts = [counted(viewer) for counted in (open_count, waiting, held_badge, open_rings, queued)]
    lists = [count for count in counts if count is not None]
    if not lists:
        return None
    return select(reduce(add, lists)).scalar_subquery()
