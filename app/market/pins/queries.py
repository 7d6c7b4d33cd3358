"""Which listing a member has pinned."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel.ids import MemberId
from app.market.listings.queries import cards_by_id, with_trails
from app.market.listings.values import ListingCard, Status
from app.market.pins.models import PinnedListing
from app.platform.database import db


def pinned_by(member_id: MemberId) -> str | None:
    """Find the id of the member's pinned listing, whoever may see it."""
    mine = select(PinnedListing.listing_id).where(PinnedListing.member_id == member_id)
    return db.session.scalar(mine)


def on_top(
    viewer_id: MemberId | None, seller_id: MemberId, listings: Sequence[ListingCard]
) -> tuple[ListingCard | None, list[ListingCard]]:
    """Take the pinned one out of a seller's newest; it is shown while the viewer may see it and it can be had."""
    pinned_id = pinned_by(seller_id) if listings else None
    if pinned_id is None:
        return None, list(listings)
    rest = [card for card in listings if card.id != pinned_id]
    found = [card for card in listings if card.id == pinned_id]
    if not found:
        # An older one, behind those that the page shows.
        found = with_trails(viewer_id, list(cards_by_id(viewer_id, [pinned_id]).values()))
    shown = next((card for card in found if card.status == Status.ACTIVE), None)
    return shown, rest if shown else list(listings)
