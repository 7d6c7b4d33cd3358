"""Putting a listing on top of one's profile."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.kernel.clock import clock
from app.kernel.errors import NotFound
from app.kernel.ids import ListingId, MemberId
from app.market.listings.models import Listing
from app.market.pins.events import ListingPinned, ListingUnpinned
from app.market.pins.models import PinnedListing
from app.market.pins.rules import check_pinnable
from app.people.accounts.queries import require_active
from app.platform.database import db, unit_of_work
from app.platform.sql import upsert


def pin_listing(actor: MemberId, listing_id: ListingId) -> None:
    """Put the actor's listing on top of their profile, in place of what stands there; the same again is no news."""
    with unit_of_work() as unit:
        require_active(actor)
        # Held until the commit: it cannot be sold between the look and the pin.
        wanted = select(Listing.seller_id, Listing.status).where(Listing.id == listing_id).with_for_update()
        row = db.session.execute(wanted).one_or_none()
        if row is None:
            raise NotFound("This listing no longer exists.")
        check_pinnable(actor, row.seller_id, row.status)
        written = upsert(
            PinnedListing,
            {"member_id": actor, "listing_id": listing_id, "pinned_at": clock.now()},
            keys=("member_id",),
            where=PinnedListing.listing_id != listing_id,
        )
        if written:
            unit.record(ListingPinned(listing_id=listing_id, seller_id=actor))


def unpin_listing(actor: MemberId, listing_id: ListingId) -> None:
    """Put it back among the actor's others; one that is not pinned stays as it is."""
    with unit_of_work() as unit:
        gone = db.session.execute(
            delete(PinnedListing)
            .where(PinnedListing.member_id == actor, PinnedListing.listing_id == listing_id)
            .returning(PinnedListing.listing_id)
        ).all()
        if gone:
            unit.record(ListingUnpinned(listing_id=listing_id, seller_id=actor))
