"""Housekeeping of the market."""

from __future__ import annotations

from app.market.listings.service import locate_listings, widen_listings
from app.platform.files import expire_photos, sweep_photos
from app.platform.jobs import periodic


@periodic("sweep_photos", minutes=60)
def sweep() -> None:
    """Photos that never became part of anything, and files of photos that are gone."""
    expire_photos()
    sweep_photos()


@periodic("locate_listings", minutes=1)
def locate() -> None:
    """Towns of listings that were written before anybody had looked their place up."""
    locate_listings()


@periodic("widen_listings", minutes=10)
def widen() -> None:
    """Listings that more people are to see by now."""
    widen_listings()
