"""A listing by thumb: photos first, put in order and described; then swiped, counted and looked at closely."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from app.market.listings.models import ListingPhoto
from app.platform.database import db
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def photo(name: str, size: tuple[int, int] = (300, 400)) -> FilePayload:
    out = BytesIO()
    Image.new("RGB", size, name).save(out, "JPEG")
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def names(page: Page) -> list[str]:
    """Of the chosen files, as the form would send them."""
    found: list[str] = page.evaluate("[...document.getElementById('photos').files].map((file) => file.name)")
    return found


def test_posting_starts_with_the_photos(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    page = open_page("ana", viewport=PHONE, has_touch=True)
    page.goto("/market/new")
    tiles = page.locator(".shelf-photo")
    page.locator("#photos").set_input_files([photo("red"), photo("green")])
    expect(tiles).to_have_count(2)
    # The camera's picture comes to those that were chosen.
    page.locator("#camera").set_input_files([photo("blue", (3200, 2400))])
    expect(tiles).to_have_count(3)
    assert names(page) == ["red.jpg", "green.jpg", "blue.jpg"]

    # By keyboard: the focus stays on the photo that moves, and its new place is said.
    tiles.nth(2).get_by_role("button", name="Move earlier").press("Enter")
    expect(page.get_by_text("Photo moved to position 2")).to_be_attached()
    page.keyboard.press("Enter")
    assert names(page) == ["blue.jpg", "red.jpg", "green.jpg"]
    expect(tiles.nth(0).get_by_text("Cover")).to_be_visible()
    # By dragging.
    third, first = tiles.nth(2).locator("img").bounding_box(), tiles.nth(0).locator("img").bounding_box()
    assert third is not None
    assert first is not None
    page.mouse.move(third["x"] + 40, third["y"] + 40)
    page.mouse.down()
    page.mouse.move(first["x"] + 50, first["y"] + 50, steps=6)
    page.mouse.up()
    assert names(page) == ["green.jpg", "blue.jpg", "red.jpg"]
    # Replaced in its place, and removed.
    with page.expect_file_chooser() as chooser:
        tiles.nth(2).get_by_role("button", name="Replace photo").tap()
    chooser.value.set_files([photo("gold")])
    expect(tiles.nth(2).get_by_alt_text("gold.jpg")).to_be_visible()
    tiles.nth(1).get_by_role("button", name="Remove photo").tap()
    expect(tiles).to_have_count(2)
    assert names(page) == ["green.jpg", "gold.jpg"]
    tiles.nth(0).get_by_label("What the photo shows").fill("Green from the front")

    page.get_by_label("Title").fill("A kettle")
    page.get_by_label("What is it?").select_option("give")
    page.get_by_label("Condition").select_option("good")
    page.get_by_role("button", name="Post", exact=True).last.tap()
    page.wait_for_url(lambda url: "/market/new" not in url)

    # The gallery: counted, swiped by the browser, stepped by keyboard, and looked at closely.
    count = page.locator(".item-top > .gallery-frame .gallery-count")
    expect(count).to_contain_text("1 / 2")
    expect(page.get_by_alt_text("Green from the front").first).to_be_visible()
    strip = page.locator(".item-top > .gallery-frame [data-strip]")
    strip.evaluate("(strip) => strip.scrollTo(strip.clientWidth, 0)")
    expect(count).to_contain_text("2 / 2")
    strip.focus()
    page.keyboard.press("ArrowLeft")
    expect(count).to_contain_text("1 / 2")
    strip.locator("a").first.tap()
    zoom = page.get_by_role("dialog", name="Photos")
    expect(zoom).to_be_visible()
    expect(zoom.locator(".look").first).to_be_in_viewport()
    page.keyboard.press("ArrowRight")
    expect(zoom.locator("[data-place]")).to_have_text("2")
    zoom.locator(".look").nth(1).tap()
    expect(zoom.locator(".look.looked-at")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(zoom).to_be_hidden()
    expect(count).to_contain_text("2 / 2")
    db.session.rollback()
    assert list(db.session.scalars(select(ListingPhoto.alt).order_by(ListingPhoto.position))) == [
        "Green from the front",
        "",
    ]


def kept(page: Page) -> int:
    """How many drafts have photos in the browser."""
    found: int = page.evaluate(
        """new Promise((told) => {
            const open = indexedDB.open("kin-drafts");
            open.onupgradeneeded = () => open.result.createObjectStore("photos");
            open.onsuccess = () => {
                const count = open.result.transaction("photos").objectStore("photos").count();
                count.onsuccess = () => { open.result.close(); told(count.result); };
            };
        })"""
    )
    return found


def await_kept(page: Page, number: int) -> None:
    for _try in range(100):
        if kept(page) == number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{kept(page)} drafts have photos, not {number}")


def test_photos_of_a_draft_outlive_a_reload_until_they_are_posted(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    page = open_page("ana", viewport=PHONE)
    page.goto("/market/new")
    tiles = page.locator(".shelf-photo")
    page.locator("#photos").set_input_files([photo("red"), photo("green")])
    tiles.nth(1).get_by_role("button", name="Move earlier").click()
    tiles.nth(0).get_by_label("What the photo shows").fill("Green from the front")
    await_kept(page, 1)
    page.wait_for_function("JSON.stringify({...localStorage}).includes('Green from the front')")
    page.reload()
    expect(page.get_by_text("Draft restored.")).to_be_visible()
    expect(tiles).to_have_count(2)
    assert names(page) == ["green.jpg", "red.jpg"]
    expect(tiles.nth(0).get_by_label("What the photo shows")).to_have_value("Green from the front")
    expect(tiles.nth(0).get_by_alt_text("green.jpg")).to_have_js_property("naturalWidth", 300)

    page.get_by_label("Title").fill("A kettle")
    page.get_by_label("What is it?").select_option("give")
    page.get_by_label("Condition").select_option("good")
    page.get_by_role("button", name="Post", exact=True).last.click()
    page.wait_for_url(lambda url: "/market/new" not in url)
    await_kept(page, 0)
    db.session.rollback()
    assert list(db.session.scalars(select(ListingPhoto.alt).order_by(ListingPhoto.position))) == [
        "Green from the front",
        "",
    ]
    page.goto("/market/new")
    expect(page.get_by_text("Draft restored.")).to_have_count(0)
    expect(tiles).to_have_count(0)

    # Thrown away by hand.
    page.locator("#photos").set_input_files([photo("blue")])
    await_kept(page, 1)
    page.reload()
    expect(tiles).to_have_count(1)
    page.get_by_role("button", name="Discard draft").click()
    expect(tiles).to_have_count(0)
    await_kept(page, 0)

    # Whoever has the phone next sees nothing of them.
    page.locator("#photos").set_input_files([photo("gold")])
    await_kept(page, 1)
    page.goto("/me")
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url(lambda url: "/me" not in url)
    await_kept(page, 0)


def test_a_device_without_room_says_that_photos_are_not_kept(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    page = open_page("ana", viewport=PHONE)
    page.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    page.goto("/market/new")
    page.locator("#photos").set_input_files([photo("red")])
    expect(page.get_by_text("Your device has no space left to keep these photos.")).to_be_visible()
    assert names(page) == ["red.jpg"]
