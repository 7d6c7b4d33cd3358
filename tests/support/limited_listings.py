"""The one listing of the visibility's town that not everyone may see."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.visibility_town import Thing, Town


def make_limited_listing(town: Town) -> Thing:
    """Everybody finds and keeps it, before Olli shows it only to the people whom he trusts."""
    from app.market.listings.service import publish_listing
    from app.market.listings.values import ListingDraft
    from tests.support.visibility_town import Thing, picture, word

    olli, said = town.people["olli"], word("listing", "limited")
    photo = picture(olli)
    draft = ListingDraft(kind="give", title=f"listingquest {said}", description=f"about {said}", condition="good")
    ident = publish_listing(olli, draft, [photo])
    page = f"/market/{ident}"
    doors = (f"/api/v1/listings/{ident}", f"/recommend/listing/{ident}", f"/report/listing/{ident}", f"{page}/buy")
    return Thing("listing", "limited", ident, said, page, doors=doors, photo=photo, writes=(f"FORM {page}/save",))


def limit(town: Town) -> None:
    """Olli thinks better of it."""
    from app.market.listings.service import edit_listing

    for thing in town.things:
        if thing.state == "limited":
            edit_listing(town.people["olli"], thing.ident, lambda now: replace(now, audience=1))
