"""Pins as JSON."""

from __future__ import annotations

from app.kernel.ids import ListingId
from app.web.schemas import Answer


class Pin(Answer):
    """What stands on top of a profile."""

    listing_id: ListingId | None
