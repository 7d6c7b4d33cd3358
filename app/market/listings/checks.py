"""What must hold of every listing."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select

from app.market.listings.models import Listing, ListingPhoto
from app.market.listings.values import Status
from app.platform.database import db
from app.platform.files import Photo, photo_path
from app.platform.photos import RENDITIONS
from app.platform.search.tables import SearchDocument


def run() -> list[str]:
    """Covers are photos of their listing, active ones can be found, files are there."""
    return [*_covers(), *_findable(), *_files()]


def _ids(condition: ColumnElement[bool]) -> list[str]:
    return list(db.session.scalars(select(Listing.id).where(condition)))


def _covers() -> list[str]:
    among_photos = exists().where(ListingPhoto.listing_id == Listing.id, ListingPhoto.photo_id == Listing.cover_id)
    wrong = Listing.cover_id.is_not(None) & ~among_photos
    return [f"listing {one}: the cover is not among its photos" for one in _ids(wrong)]


def _findable() -> list[str]:
    indexed = exists().where(SearchDocument.kind == "listing", SearchDocument.ref == Listing.id)
    active = Listing.status == Status.ACTIVE
    wrong = or_(active & ~indexed, ~active & indexed)
    return [f"listing {one}: {Status.ACTIVE} and searchable must go together" for one in _ids(wrong)]


def _files() -> list[str]:
    return [
        f"photo {one}: {rendition} is missing on disk"
        for one in db.session.scalars(select(Photo.id))
        for rendition in RENDITIONS
        if not photo_path(one, rendition).is_file()
    ]


CHECKS = {"listings": run}
