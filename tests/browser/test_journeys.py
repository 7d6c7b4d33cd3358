"""Whole journeys of two or three people, each in a browser of their own."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def _photo(folder: Path) -> Path:
    path = folder / "lamp.png"
    picture = BytesIO()
    Image.new("RGB", (640, 800), "#c4552d").save(picture, "PNG")
    path.write_bytes(picture.getvalue())
    return path


def _vouch(page: Page, handle: str, reason: str) -> None:
    page.goto(f"/m/{handle}")
    page.get_by_role("link", name="Vouch for").click()
    page.get_by_label("I trust them fully").check()
    page.get_by_label("Reason (visible to others)").fill(reason)
    page.get_by_role("button", name="Vouch for").click()
    expect(page.get_by_text(reason).first).to_be_visible()


def test_ana_sees_what_cem_recommends_with_the_way_through_bo(open_page: OpenPage, member: MemberFactory) -> None:
    """Ana vouches for Bo, Bo for Cem; Cem recommends; Ana sees it with the path."""
    for handle, name in (("ana", "Ana"), ("bo", "Bo"), ("cem", "Cem")):
        member(handle, name=name)
    ana, bo, cem = open_page("ana", viewport=PHONE), open_page("bo"), open_page("cem")
    _vouch(ana, "bo", "Neighbours for nine years.")
    _vouch(bo, "cem", "He taught me to roast.")

    cem.goto("/items/new")
    cem.get_by_label("What is it?").fill("Hario V60 滤杯")
    cem.get_by_label("Category").select_option("kitchen")
    cem.get_by_role("button", name="Add an item").click()
    cem.get_by_label("In your words").fill("Keeps the **heat**.")
    cem.get_by_role("group", name="Were you paid or given anything?").get_by_label("No").check()
    cem.get_by_role("button", name="Post", exact=True).click()
    expect(cem.get_by_text("Posted.")).to_be_visible()

    ana.goto(cem.url)
    word = ana.get_by_role("region", name="What your circle says")
    expect(word).to_contain_text("1 person you trust recommends this")
    expect(word).to_contain_text("knows Cem")
    expect(word.locator("strong", has_text="heat")).to_be_visible()
    trail = word.locator("a.trail").first
    expect(trail).to_contain_text("Bo knows Cem")
    trail.click()
    sheet = ana.get_by_role("dialog")
    expect(sheet).to_contain_text("Bo")
    expect(sheet).to_contain_text("He taught me to roast.")
    ana.keyboard.press("Escape")
    ana.goto("/")
    expect(ana.get_by_role("link", name="Hario V60 滤杯")).to_be_visible()


def test_bo_reads_what_ana_writes_without_reloading(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana", name="Ana")
    member("bo", name="Bo")
    ana, bo = open_page("ana", viewport=PHONE), open_page("bo", dark=True)
    ana.goto("/m/bo")
    ana.get_by_role("button", name="Message").click()
    ana.wait_for_url("**/messages/*")
    bo.goto(ana.url)
    # They don't know each other yet: for Bo it is a request.
    bo.get_by_role("button", name="Accept").click()
    ana.get_by_label("Message", exact=True).fill("Is the *lamp* still there? 你好")
    ana.get_by_role("button", name="Send").click()
    expect(bo.locator(".bubble", has_text="still there? 你好")).to_be_visible()
    expect(bo.locator(".bubble em", has_text="lamp")).to_be_visible()
    bo.get_by_label("Message", exact=True).fill("It is.")
    bo.get_by_role("button", name="Send").click()
    expect(ana.locator(".bubble", has_text="It is.")).to_be_visible()

    # Cut the network: what is written meanwhile stays visible and arrives once it is back.
    ana.context.set_offline(True)
    bo.get_by_label("Message", exact=True).fill("Come on Thursday.")
    bo.get_by_role("button", name="Send").click()
    expect(bo.locator(".bubble", has_text="Thursday")).to_be_visible()
    ana.context.set_offline(False)
    ana.reload()
    expect(ana.locator(".bubble", has_text="Thursday")).to_have_count(1)
    ana.complaints.clear()  # type: ignore[attr-defined] # the cut itself is what they are about


def test_a_listing_is_posted_found_reported_and_removed(
    open_page: OpenPage, member: MemberFactory, tmp_path: Path
) -> None:
    member("ana", name="Ana")
    member("bo", name="Bo")
    member("maja", name="Maja", role="moderator")
    ana, bo, maja = open_page("ana", viewport=PHONE), open_page("bo"), open_page("maja")
    ana.goto("/market/new")
    ana.get_by_label("Title").fill("Brass lamp 黄铜灯")
    ana.get_by_label("Category").select_option("home")
    ana.get_by_label("Condition").select_option("good")
    ana.get_by_label("Place").fill("Lund")
    ana.locator("[name=price]").fill("38")
    ana.locator("input[type=file]").first.set_input_files(_photo(tmp_path))
    ana.get_by_role("button", name="Post", exact=True).click()
    ana.wait_for_url(re.compile("/market/[0-9a-z]{26}"))
    expect(ana.get_by_role("heading", name="Brass lamp 黄铜灯")).to_be_visible()
    address = ana.url

    bo.goto("/market?q=黄铜")
    card = bo.locator(".lst", has_text="Brass lamp")
    expect(card.locator("img").first).to_have_attribute("src", re.compile(r"^/media/.+\.webp$"))
    card.get_by_role("link", name="Brass lamp 黄铜灯").click()
    bo.get_by_role("link", name="Report").first.click()
    bo.locator("input[name=reason]").first.check()
    bo.get_by_role("button", name="Report").click()

    maja.goto("/moderation")
    maja.locator("a[href^='/moderation/reports/']").first.click()
    maja.get_by_label("Reason (kept in the log)").fill("Shown to be stolen.")
    maja.get_by_role("button", name="Remove the listing").click()
    maja.goto("/moderation/log")
    expect(maja.get_by_text("Shown to be stolen.")).to_be_visible()

    # The wing that owns the listing hears of it by a reaction, soon.
    _expect_gone(bo, address)


def _expect_gone(page: Page, address: str) -> None:
    for _ in range(40):
        answer = page.goto(address)
        if answer is not None and answer.status == 404:
            break
        page.wait_for_timeout(250)
    expect(page.get_by_text("Page not found")).to_be_visible()
    page.complaints.clear()  # type: ignore[attr-defined] # the browser's own line about the 404
