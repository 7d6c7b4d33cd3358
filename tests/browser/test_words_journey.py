"""A recommendation with its disclosure, from the one who gives it to a friend of a friend."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from app.community.items.service import add_item
from app.marketing.advocates.service import become_advocate
from app.merchants.stores.service import add_product, open_store
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def test_what_cem_was_paid_for_says_so_to_a_friend_of_a_friend(
    open_page: OpenPage, member: MemberFactory, tmp_path: Path
) -> None:
    """Cem speaks for Mira's store, must say what he gets, and Ana reads it with the way through Bo."""
    ana, bo, cem = (member(one.lower(), name=one) for one in ("Ana", "Bo", "Cem"))
    mira = member("mira", name="Mira", role="merchant")
    vouch(ana, bo, "trust_fully")
    vouch(bo, cem, "trust_fully")
    store = open_store(mira, name="Bean Bar", slug="bean-bar", about="Coffee")
    beans = add_item(mira, kind="product", title="Beans 咖啡豆")
    add_product(mira, store, beans, 1250, "EUR")
    become_advocate(cem, store, consent=True)
    run_reactions()
    picture = BytesIO()
    Image.new("RGB", (640, 480), "#8a5a2b").save(picture, "PNG")
    (tmp_path / "bag.png").write_bytes(picture.getvalue())

    writer = open_page("cem", viewport=PHONE)
    writer.goto(f"/items/{beans}")
    writer.get_by_role("link", name="Recommend", exact=True).click()
    expect(writer.get_by_text("You work with a store that sells this")).to_be_visible()
    expect(writer.get_by_role("group", name="What do you get for it?").get_by_label("No", exact=True)).to_have_count(0)
    writer.get_by_label("In your words").fill("Chocolate and **plum**.")
    writer.locator("input[type=file]").set_input_files(tmp_path / "bag.png")
    writer.get_by_role("button", name="Post", exact=True).click()
    # The browser itself asks for the answer that is missing.
    expect(writer.get_by_role("heading", name="Write a recommendation")).to_be_visible()
    writer.get_by_label("I am paid").check()
    writer.get_by_role("button", name="Post", exact=True).click()
    expect(writer.get_by_text("Posted.")).to_be_visible()

    reader = open_page("ana", viewport=PHONE, dark=True)
    reader.goto(f"/items/{beans}")
    word = reader.get_by_role("region", name="What your circle says")
    expect(word).to_contain_text("1 person you trust recommends this")
    expect(word.get_by_text("Paid")).to_be_visible()
    expect(word.locator(".trail").first).to_contain_text("Bo knows Cem")
    helpful = word.get_by_role("button", name="Helpful")
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    word.get_by_role("button", name="Save").click()
    expect(word.get_by_role("button", name="Saved")).to_be_visible()
    word.get_by_role("link", name="Comments").click()
    reader.get_by_label("Your comment").fill("Filter or espresso?")
    reader.get_by_role("button", name="Post comment", exact=True).click()
    expect(reader.get_by_text("Filter or espresso?")).to_be_visible()
    reader.get_by_role("button", name="Share").click()
    expect(reader.get_by_role("button", name="✓")).to_be_visible()
    reader.goto("/settings/invite")
    reader.get_by_role("button", name="Copy").click()
    expect(reader.get_by_role("button", name="✓")).to_be_visible()
    reader.goto("/saved")
    expect(reader.get_by_role("link", name="Beans 咖啡豆")).to_be_visible()
