"""A seller opens times on a phone, a buyer books one; it is moved, and the code that is typed ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.kernel.clock import clock
from tests.support.bookings import service_of
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def test_opened_booked_moved_and_done(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    repair = service_of(member("bo"), "Bicycle repair")
    bo, ana = open_page("bo", viewport=PHONE, has_touch=True), open_page("ana")
    bo.goto(f"/market/{repair}")
    bo.get_by_role("link", name="Times to book").tap()
    bo.get_by_label("First appointment").fill(f"{clock.now() + timedelta(days=2):%Y-%m-%dT10:00}")
    bo.get_by_label("How many in a row").fill("3")
    bo.get_by_label("Where").fill("Spolegatan 5")
    bo.get_by_role("button", name="Open times").tap()
    expect(bo.get_by_text("3 times can be booked now.")).to_be_visible()
    expect(bo.get_by_role("button", name="Remove")).to_have_count(3)

    ana.goto(f"/market/{repair}")
    ana.get_by_role("link", name="Book a time").click()
    times = ana.locator(".week-day a")
    expect(times).to_have_count(3)
    times.first.click()
    expect(ana.get_by_text("Spolegatan 5")).to_have_count(0)
    ana.get_by_role("button", name="Book for €30").click()
    expect(ana.get_by_text("Spolegatan 5")).to_be_visible()
    booking = ana.url

    ana.get_by_text("Suggest another time").click()
    ana.get_by_role("radio").last.check()
    ana.get_by_role("button", name="Suggest").click()
    expect(ana.get_by_text("Waiting for Bo")).to_be_visible()
    bo.goto("/bookings")
    bo.get_by_role("link", name="Bicycle repair").tap()
    expect(bo).to_have_url(booking)
    bo.get_by_role("button", name="Move it").tap()
    expect(bo.get_by_text("Moved to the new time.")).to_be_visible()

    ana.reload()
    ana.get_by_role("link", name="Open the order").click()
    code = ana.get_by_label("Your code").inner_text()
    bo.get_by_role("link", name="Open the order").tap()
    bo.get_by_role("link", name="Scan the code").tap()
    bo.get_by_label("Code from the buyer").fill(code)
    bo.get_by_role("button", name="Hand over").tap()
    expect(bo.get_by_text("Code correct.")).to_be_visible()
    ana.reload()
    ana.get_by_role("button", name="I have it").click()
    expect(ana.get_by_text("Marked as received.")).to_be_visible()
