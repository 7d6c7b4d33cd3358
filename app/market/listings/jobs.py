"""Housekeeping of the market."""

from __future__ import annotations

from app.platform.files import sweep_photos
from app.platform.jobs import periodic


@periodic("sweep_photos", minutes=60)
def sweep() -> None:
    """Files of photos that are gone."""
    sweep_photos()
