"""What came is broken: from the report by way of a friend of both to the money, each in a browser of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.market.orders.values import Stage
from app.platform.event_log import run_reactions
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.cases import BY_POST, befriend
from tests.support.orders import deal
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]

SPLIT = "gets €15 back"


def confirm(page: Page, button: str) -> None:
    """Press it, and say yes to what it will do."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=button, exact=True).click()


def test_a_friend_of_both_divides_the_money(open_page: OpenPage, member: MemberFactory) -> None:
    buyer, seller, friend = member("ana"), member("bo"), member("eva")
    befriend(friend, buyer, seller)
    run_reactions()
    order = f"/orders/{deal(buyer, seller, Stage.SHIPPED, **BY_POST).order}"
    ana, bo, eva = open_page("ana", viewport=PHONE, has_touch=True), open_page("bo"), open_page("eva")

    ana.goto(order)
    ana.get_by_role("link", name="Report a problem").click()
    ana.get_by_label("What happened?").fill("The shade is cracked")
    ana.get_by_label("A full refund").check()
    ana.get_by_role("button", name="Send", exact=True).click()
    ana.wait_for_url("**/cases/*")
    expect(ana.get_by_text("gets everything back: €40").first).to_be_visible()
    case = ana.url.partition("/cases/")[2]

    bo.goto(order)
    bo.get_by_role("link", name="View complaint").click()
    bo.locator("#answer-text").fill("It was whole when I packed it")
    bo.get_by_role("button", name="Send answer").click()
    expect(bo.get_by_text("answers the proposal")).to_have_count(0)

    ana.reload()
    expect(ana.get_by_text("It was whole when I packed it")).to_be_visible()
    ana.get_by_text("Let a friend decide whom you both trust").click()
    ana.get_by_role("button", name="Suggest this friend").click()
    expect(ana.get_by_text("says if this friend may decide")).to_be_visible()
    bo.reload()
    bo.get_by_role("button", name="Agree", exact=True).click()
    expect(bo.get_by_text("says if they’ll help")).to_be_visible()

    eva.goto("/cases")
    eva.get_by_role("link", name="Lamp").click()
    expect(eva.get_by_text("The shade is cracked")).to_have_count(0)  # not before she has agreed
    eva.get_by_role("button", name="Yes, I’ll help").click()
    expect(eva.get_by_text("The shade is cracked")).to_be_visible()
    eva.get_by_role("slider", name="Split").fill("15")
    expect(eva.locator("#decide-amount")).to_have_value("15.00")
    expect(eva.locator(".split-rest")).to_contain_text("25.00")
    eva.get_by_label("Reasons").fill("It works, but it isn’t what you paid for.")
    confirm(eva, "Decide")
    expect(eva.get_by_text("This complaint is settled.")).to_be_visible()

    for page in (ana, bo):
        page.goto(f"/cases/{case}")
        expect(page.locator(".order-next")).to_contain_text(SPLIT)
        expect(page.locator(".order-next")).to_contain_text("keeps €25")
        # Afterwards, too, the history says what was proposed and decided then.
        expect(page.locator(".case-steps")).to_contain_text("gets everything back: €40")
        expect(page.locator(".case-steps")).to_contain_text("keeps €25")
        page.goto(order)
        expect(page.get_by_text("€15 to be refunded")).to_be_visible()
    ana.goto(order)
    confirm(ana, "I have my money back")
    bo.reload()
    expect(bo.get_by_text("€15 refunded")).to_be_visible()
