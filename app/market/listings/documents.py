"""Listings as the search keeps them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.market.listings.models import Listing
from app.market.listings.rules import asking_price
from app.market.listings.values import Status
from app.platform.database import db
from app.platform.search.index import Document
from app.platform.search.words import facet
from app.platform.vocabulary.reading import vocabulary


def search_documents() -> Iterator[list[Document]]:
    """Everything that search should know of listings, oldest first, in batches."""
    last = ""
    while True:
        query = select(Listing).where(Listing.status == Status.ACTIVE, Listing.id > last)
        rows = list(db.session.scalars(query.order_by(Listing.id).limit(1000)))
        if not rows:
            return
        last = rows[-1].id
        yield [document_of(row) for row in rows]


def document_of(row: Listing) -> Document:
    """What the search keeps of a listing."""
    price_minor, currency = asking_price(row.kind, row.price)
    known = vocabulary()
    return Document(
        "listing",
        row.id,
        row.title,
        f"{row.description}\n{known.words(row.category)}",
        row.created_at,
        owner_id=row.seller_id,
        place=row.place,
        facets=(facet("kind", row.kind), *(facet("category", one) for one in known.lineage(row.category))),
        price_minor=price_minor,
        currency=currency,
    )
