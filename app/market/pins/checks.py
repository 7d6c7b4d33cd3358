"""What must hold of every pin."""

from __future__ import annotations

from sqlalchemy import select

from app.market.listings.models import Listing
from app.market.pins.models import PinnedListing
from app.platform.database import db


def run() -> list[str]:
    """Members pin what is theirs."""
    wrong = select(PinnedListing.member_id).join(Listing).where(Listing.seller_id != PinnedListing.member_id)
    return [f"member {one}: the pinned listing is somebody else's" for one in db.session.scalars(wrong)]


CHECKS = {"pins": run}
