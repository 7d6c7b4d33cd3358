"""Listings as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, select

from app.market.listings.models import Listing, ListingPhoto
from app.market.listings.service import remove, restore
from app.market.listings.statements import visible_to
from app.market.listings.values import Status
from app.platform.database import db
from app.platform.formats import money
from app.platform.subjects import Condition, Facts, Kind, State

_STATES = {Status.ACTIVE: State.HERE, Status.REMOVED: State.REMOVED}


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these listings."""
    query = select(
        Listing.id,
        Listing.seller_id,
        Listing.title,
        Listing.description,
        Listing.status,
        Listing.cover_id,
        Listing.created_at,
        Listing.price,
        Listing.category,
    ).where(Listing.id.in_(ids))
    return {
        row.id: Facts(
            owner_id=row.seller_id,
            title=row.title,
            url=f"/market/{row.id}",
            made_at=row.created_at,
            state=_STATES.get(Status(row.status), State.CLOSED),
            photo_id=row.cover_id,
            excerpt=row.description,
            note=money(row.price) if row.price is not None else "",
            category=row.category,
        )
        for row in db.session.execute(query)
    }


def has_photo(photo: BindParameter[str]) -> Condition:
    """One of its photos."""
    return Listing.id.in_(select(ListingPhoto.listing_id).where(ListingPhoto.photo_id == photo))


KINDS = (
    Kind(
        name="listing",
        key=Listing.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        has_photo=has_photo,
        recommendable=True,
        remove=remove,
        restore=restore,
        link="market",
    ),
)
