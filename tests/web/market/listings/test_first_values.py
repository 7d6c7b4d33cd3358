"""What an empty listing begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.mark.parametrize(
    ("languages", "currency"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "SEK"),
        ("zh-Hant-TW", "TWD"),
        ("en,da-DK;q=0.5", "DKK"),
        ("en", "EUR"),
        ("xx-YY, nonsense", "EUR"),
        ("", "EUR"),
    ],
)
def test_the_currency_is_that_of_the_browsers_country(
    client: FlaskClient, member: MemberFactory, signed_in: SignedIn, languages: str, currency: str
) -> None:
    ana = member("ana")
    mine = signed_in(client, "ana")

    def shown() -> list[str]:
        page = mine.get("/market/new", headers={"Accept-Language": languages}).text
        return re.findall(r'<option selected value="([A-Z]{3})"', page)

    assert shown() == [currency]
    # Whoever has offered something before goes on as before.
    publish_listing(ana, ListingDraft(kind="sale", title="Lamp", condition="good", price=Decimal(5), currency="PLN"))
    assert shown() == ["PLN"]
