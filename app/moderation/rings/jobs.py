"""Rings are looked for at night, and when a moderator asks."""

from __future__ import annotations

from app.moderation.rings import service
from app.platform.jobs import periodic


@periodic("moderation.rings", minutes=24 * 60)
def find_rings() -> None:
    """What is found waits for the moderators."""
    service.find_rings()
