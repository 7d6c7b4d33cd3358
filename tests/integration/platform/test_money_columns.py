"""Two columns are one amount: read, written, selected and compared as a whole, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.community.items.service import add_item
from app.kernel.money import Money
from app.market.listings.models import Listing
from app.market.listings.service import edit_listing, publish_listing
from app.market.listings.values import ListingDraft
from app.merchants.stores.models import Product
from app.merchants.stores.queries import products
from app.merchants.stores.service import add_product, open_store
from app.platform.database import db
from tests.support.people import MemberFactory

pytestmark = pytest.mark.databases("sqlite", "postgres")

LAMP = ListingDraft(kind="wanted", title="A lamp", category="home", condition="good", price="18.50", currency="CHF")


def stored(listing_id: str) -> tuple[int | None, str, Money | None]:
    query = select(Listing.price_minor, Listing.currency, Listing.price).where(Listing.id == listing_id)
    minor, currency, price = db.session.execute(query).one()
    return minor, currency, price


@pytest.mark.usefixtures("app")
def test_an_amount_is_written_selected_and_compared_whole(member: MemberFactory) -> None:
    listing_id = publish_listing(member("ana"), LAMP)
    assert stored(listing_id) == (1850, "CHF", Money(1850, "CHF"))
    found = select(Listing.id)
    assert db.session.scalar(found.where(Listing.price == Money(1850, "CHF"))) == listing_id
    assert db.session.scalar(found.where(Listing.price == Money(1850, "EUR"))) is None
    assert db.session.scalar(found.where(Listing.price == Money(1851, "CHF"))) is None


@pytest.mark.usefixtures("app")
def test_without_units_there_is_no_amount_and_the_currency_stays(member: MemberFactory) -> None:
    ana = member("ana")
    listing_id = publish_listing(ana, LAMP)
    edit_listing(ana, listing_id, replace(LAMP, price=None))
    assert stored(listing_id) == (None, "CHF", None)
    assert db.session.get_one(Listing, listing_id).price is None
    edit_listing(ana, listing_id, replace(LAMP, price="7", currency="JPY"))
    assert stored(listing_id) == (7, "JPY", Money(7, "JPY"))
    assert db.session.get_one(Listing, listing_id).price == Money(7, "JPY")


@pytest.mark.usefixtures("app")
def test_zero_is_an_amount(member: MemberFactory) -> None:
    ana = member("ana", role="merchant")
    store_id = open_store(ana, name="Lamps", slug="lamps")
    add_product(ana, store_id, add_item(ana, kind="product", title="A lamp"), 0, "EUR")
    assert [one.price for one in products(store_id)] == [Money(0, "EUR")]
    assert db.session.scalars(select(Product.price)).all() == [Money(0, "EUR")]
