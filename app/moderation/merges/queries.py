"""The number at the moderators' shield: everything that waits for them."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, select

from app.community.merges.queries import waiting
from app.moderation.reports.queries import open_count
from app.moderation.rings.queries import open_rings
from app.web.frame import Viewer


def everything_waiting(viewer: Viewer) -> ScalarSelect[int] | None:
    """Reports, proposals of merges and rings."""
    reports, merges, rings = open_count(viewer), waiting(viewer), open_rings(viewer)
    if reports is None or merges is None or rings is None:
        return None
    return select(reports + merges + rings).scalar_subquery()
