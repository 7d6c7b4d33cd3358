"""The number at the moderators' shield: everything that waits for them."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, select

from app.community.merges.queries import waiting
from app.moderation.reports.queries import open_count
from app.web.frame import Viewer


def everything_waiting(viewer: Viewer) -> ScalarSelect[int] | None:
    """Reports and proposals of merges."""
    reports, merges = open_count(viewer), waiting(viewer)
    if reports is None or merges is None:
        return None
    return select(reports + merges).scalar_subquery()
