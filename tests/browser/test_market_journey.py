"""The market by thumb: filters in a sheet, chips that go one by one, and Back finds the place in the list."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def post(seller: int, title: str, category: str = "home", price: int = 20) -> str:
    draft = ListingDraft(kind="sale", title=title, category=category, condition="good", price=Decimal(price))
    return publish_listing(seller, draft)  # type: ignore[arg-type]


def cards(page: Page) -> int:
    return page.locator("#cards .lst").count()


def scrolled(page: Page) -> int:
    return int(page.evaluate("scrollY"))


def test_filters_are_a_sheet_and_chips_on_a_phone(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    bo = member("bo")
    post(bo, "Oak chair", "furniture", 30)
    post(bo, "Oak bowl", "kitchen", 10)
    page = open_page("ana", viewport=PHONE, has_touch=True)
    page.goto("/market")
    box = page.locator("#cards .lst").first.bounding_box()
    assert box is not None
    assert box["y"] < PHONE["height"] / 2  # a listing stands in the first half of the first screen

    page.get_by_role("button", name="Category").tap()
    sheet = page.get_by_role("dialog", name="Filters")
    expect(sheet).to_be_visible()
    expect(page.get_by_label("Category")).to_be_focused()
    with page.expect_response("**/market?*"):
        page.get_by_label("Category").select_option("furniture")
    expect(page.locator("#cards .lst")).to_have_count(1)
    sheet.get_by_role("button", name="Close").tap()
    expect(sheet).to_be_hidden()
    assert page.url.endswith("/market?category=furniture")
    expect(page.get_by_text("Oak chair")).to_be_visible()

    page.get_by_role("link", name="Remove filter: Furniture").tap()
    expect(page.locator("#cards .lst")).to_have_count(2)
    assert page.url.endswith("/market")
    expect(page.locator(".filter-chip.on")).to_have_count(0)
    # A step back is the list with the filter, and another one the list before it was chosen.
    page.go_back()
    expect(page.locator("#cards .lst")).to_have_count(1)
    expect(page.get_by_role("link", name="Remove filter: Furniture")).to_be_visible()
    page.go_back()
    expect(page.locator("#cards .lst")).to_have_count(2)
    expect(page.locator(".filter-chip.on")).to_have_count(0)


def test_half_typed_words_are_no_steps_to_go_back_to(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    post(member("bo"), "Oak chair")
    page = open_page("ana", viewport=PHONE, has_touch=True)
    page.goto("/items")
    page.goto("/market")
    for words in ("oa", "oak", "oak chair"):
        with page.expect_response("**/market?*"):
            page.get_by_label("Search", exact=True).last.fill(words)
    page.wait_for_url("**/market?q=oak+chair")
    page.go_back()
    page.wait_for_url("**/items")


def test_back_finds_the_list_as_far_open_as_it_was(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    bo = member("bo")
    for number in range(60):
        post(bo, f"Cup {number}")
    page = open_page("ana", viewport=PHONE, has_touch=True)
    page.goto("/market")
    page.get_by_role("link", name="Show more").tap()
    expect(page.locator("#cards .lst")).to_have_count(48)
    assert page.url.endswith("/market?shown=48")
    last = page.get_by_role("link", name="Cup 15", exact=True)  # the 45th
    last.scroll_into_view_if_needed()
    page.wait_for_function("() => scrollY > 3000")
    before = scrolled(page)
    last.tap()
    page.wait_for_url(lambda url: "shown" not in url)
    expect(page.get_by_role("heading", name="Cup 15")).to_be_visible()
    page.go_back()
    expect(page.locator("#cards .lst")).to_have_count(48)
    page.wait_for_function("(before) => Math.abs(scrollY - before) < 40", arg=before)
    # The list goes on from there.
    page.get_by_role("link", name="Show more").tap()
    expect(page.locator("#cards .lst")).to_have_count(60)

    # Narrowed in place and back: the same place in the same list.
    page.wait_for_url("**/market?shown=60")
    page.evaluate("scrollTo(0, 3200)")
    page.wait_for_function("() => (sessionStorage.getItem('kin-list-place') ?? '').includes('shown=60\",3200')")
    with page.expect_response("**/market?*"):
        page.locator("#f-category").evaluate(
            "(field) => { field.value = 'books'; field.dispatchEvent(new Event('change', { bubbles: true })); }"
        )
    expect(page.locator("#cards .lst")).to_have_count(0)
    page.go_back()
    expect(page.locator("#cards .lst")).to_have_count(60)
    page.wait_for_function("() => Math.abs(scrollY - 3200) < 40")
