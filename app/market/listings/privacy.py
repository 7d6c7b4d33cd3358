"""What the market keeps of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.market.listings.models import Listing, ListingPhoto, SavedListing
from app.platform.database import db
from app.platform.files import forget_photos
from app.platform.search import index as search_index

NAME = "listings"


def export(ident: MemberId) -> dict[str, Any]:
    """The member's listings and what they have saved."""
    rows = db.session.scalars(select(Listing).where(Listing.seller_id == ident).order_by(Listing.id))
    words: dict[str, list[str]] = {}
    described = select(ListingPhoto).join(Listing).where(Listing.seller_id == ident, ListingPhoto.alt != "")
    for photo in db.session.scalars(described.order_by(ListingPhoto.listing_id, ListingPhoto.position)):
        words.setdefault(photo.listing_id, []).append(photo.alt)
    kept = select(SavedListing.listing_id).where(SavedListing.member_id == ident)
    return {
        "listings": [
            {
                "id": row.id,
                "kind": row.kind,
                "title": row.title,
                "description": row.description,
                "category": row.category,
                "condition": row.condition,
                "price_minor": row.price_minor,
                "currency": row.currency,
                "place": row.place,
                "status": row.status,
                "photo_texts": words.get(row.id, []),
                "at": row.created_at.isoformat(),
            }
            for row in rows
        ],
        "saved": list(db.session.scalars(kept)),
    }


def erase(ident: MemberId) -> None:
    """Listings, their photos and what was saved go with the person."""
    ids = list(db.session.scalars(select(Listing.id).where(Listing.seller_id == ident)))
    photos = select(ListingPhoto.photo_id).join(Listing).where(Listing.seller_id == ident)
    forget_photos(db.session.scalars(photos).all())
    search_index.remove("listing", ids)
    db.session.execute(delete(SavedListing).where(SavedListing.member_id == ident))
    db.session.execute(delete(Listing).where(Listing.seller_id == ident))
