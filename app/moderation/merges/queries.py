"""The number at the moderators' shield: everything that waits for them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, select

from app.community.merges.queries import waiting
from app.moderation.held_messages.queries import held_badge
from app.moderation.reports.queries import open_count
from app.moderation.rings.queries import open_rings
from app.web.frame import Viewer


def everything_waiting(viewer: Viewer) -> ScalarSelect[int] | None:
    """Reports, proposals of merges, held messages and rings: every list of the desk."""
    total: ColumnElement[int] | None = None
    for counted in (open_count, waiting, held_badge, open_rings):
        count = counted(viewer)
        if count is None:
            return None
        total = count if total is None else total + count
    return select(total).scalar_subquery()
