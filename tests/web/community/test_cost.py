"""What item page, feed and store page ask of the database, however much is said."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.merchants.stores.service import add_product, open_store
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

MOST = 8
FRAME = 3
STANCES = ("recommend", "neutral", "avoid")


@pytest.fixture
def busy(member: MemberFactory) -> list[str]:
    """A chain of people, fourteen things on which everybody has a say, listings, and a store."""
    ids = [member(f"m{n}", role="merchant" if n == 1 else "member") for n in range(8)]
    for one, other in pairwise(ids[:6]):
        vouch(one, other, "trust_fully")
    things = [add_item(ids[n % 8], kind="product", title=f"Thing {n}") for n in range(14)]
    for place, thing in enumerate(things):
        for n, who in enumerate(ids):
            recommend(who, thing, STANCES[(place + n) % 3], text="*good*", rating=4)
        draft = ListingDraft(kind="give", title=f"Gift {place}", category="home", condition="good")
        publish_listing(ids[place % 8], draft)
    sale = ListingDraft(kind="sale", title="Lamp", category="home", condition="good", price=Decimal(5))
    publish_listing(ids[2], sale)
    store = open_store(ids[1], name="Store", slug="store")
    for thing in things[:12]:
        add_product(ids[1], store, thing, 500, "EUR")
    return things


@pytest.mark.parametrize("handle", ["m0", "m7", None])
def test_a_page_takes_few_statements(
    client: FlaskClient,
    signed_in: Callable[..., FlaskClient],
    busy: list[str],
    handle: str | None,
) -> None:
    if handle:
        signed_in(client, handle)
    addresses = {f"/items/{busy[3]}": MOST, "/": MOST, "/explore": MOST, "/items": MOST, "/s/store": 11}
    for address, most in addresses.items():
        client.get(address)
        with statements() as sent:
            page = client.get(address)
        assert page.status_code == 200
        assert len(sent) <= most, "\n\n".join([address, *sent])


def test_the_frame_takes_at_most_three(
    client: FlaskClient, signed_in: Callable[..., FlaskClient], busy: list[str]
) -> None:
    assert busy
    signed_in(client, "m0")
    client.get("/items/new")
    with statements() as sent:
        # A page of nothing but the frame and a form.
        assert client.get("/items/new").status_code == 200
    assert len(sent) <= FRAME, "\n\n".join(sent)
