"""One cart over a store and a neighbour becomes two orders, and one of the sellers confirms on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.orders import sell
from tests.support.people import MemberFactory
from tests.support.stores import shop

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def test_put_in_reviewed_ordered_and_confirmed(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    pots = shop(member("olga", role="merchant"), "pots")
    lamp = sell(member("bo"))
    ana, olga = open_page("ana"), open_page("olga", viewport=PHONE, has_touch=True)
    ana.goto(f"/s/pots/items/{pots.item}")
    ana.get_by_label("Quantity").fill("2")
    ana.get_by_role("button", name="Add to cart").click()
    ana.goto(f"/market/{lamp}")
    ana.get_by_role("button", name="Add to cart").click()
    ana.goto("/cart")
    expect(ana.get_by_text("This becomes 2 orders, one for each seller.")).to_be_visible()
    ana.get_by_role("link", name="Check out").click()
    ana.get_by_role("button", name="Continue").click()
    ana.get_by_role("button", name="Order for").click()
    expect(ana.get_by_role("heading", name="Your 2 orders")).to_be_visible()
    expect(ana.get_by_text("Waiting for the seller")).to_have_count(2)

    olga.goto("/orders?role=seller")
    olga.get_by_role("link", name="Teapot").first.tap()
    olga.get_by_role("button", name="Confirm order").tap()
    expect(olga.get_by_text("Order confirmed.")).to_be_visible()
    ana.reload()
    expect(ana.get_by_text("Waiting for the seller")).to_have_count(1)
