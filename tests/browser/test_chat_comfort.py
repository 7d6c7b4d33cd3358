"""What a chat is expected to do for whoever writes: photos, menus, days, names, edits."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from app.messaging.conversations.models import MessagePhoto
from app.messaging.conversations.queries import get_conversation
from app.messaging.conversations.service import send_message, start_conversation
from app.messaging.conversations.values import MAX_PHOTOS
from app.platform.database import db
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def _photo(name: str, colour: str) -> FilePayload:
    data = BytesIO()
    Image.new("RGB", (320, 240), colour).save(data, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": data.getvalue()}


def _friends(member: MemberFactory) -> tuple[int, int, str]:
    ana, bo = member("ana", name="Ana"), member("bo", name="Bo")
    vouch(ana, bo, "trust")
    vouch(bo, ana, "trust")
    ident, _created = start_conversation(ana, [bo])
    return ana, bo, ident


def _in_window(page: Page, selector: str) -> None:
    box = page.locator(selector).bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]


def _say(page: Page, words: str) -> None:
    page.get_by_label("Message", exact=True).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def test_photos_stand_above_the_composer_and_go_one_by_one(open_page: OpenPage, member: MemberFactory) -> None:
    ana, _bo, ident = _friends(member)
    del ana
    page = open_page("ana", viewport=PHONE, has_touch=True)
    page.goto(f"/messages/{ident}")
    choose = page.locator("input[type=file]")
    choose.set_input_files([_photo("a.png", "#a63"), _photo("b.png", "#36a")])
    choose.set_input_files([_photo("c.png", "#3a6")])
    shelf = page.locator("[data-previews] img")
    expect(shelf).to_have_count(3)
    page.get_by_role("button", name="Remove b.png").tap()
    expect(shelf).to_have_count(2)
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.locator(".bubble-photos img")).to_have_count(2)
    expect(shelf).to_have_count(0)
    assert db.session.query(MessagePhoto).count() == 2
    choose.set_input_files([_photo(f"{n}.png", "#a63") for n in range(MAX_PHOTOS + 2)])
    expect(shelf).to_have_count(MAX_PHOTOS)
    expect(page.get_by_role("alert")).to_contain_text(f"up to {MAX_PHOTOS} photos")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_menu_of_a_message_is_cut_off(open_page: OpenPage, member: MemberFactory, width: int) -> None:
    ana, bo, ident = _friends(member)
    for number in range(12):
        send_message((ana, bo)[number % 2], ident, f"m{number}", f"Message {number}")
    page = open_page("ana", viewport={"width": width, "height": 620})
    page.goto(f"/messages/{ident}")
    for row in (page.locator(".bubble-row").last, page.locator(".bubble-row.mine").last):
        row.get_by_label("Message options").click()
        _in_window(page, ".bubble-menu[open] .menu-sheet")
        page.keyboard.press("Escape")
        expect(page.locator(".bubble-menu[open]")).to_have_count(0)
    row = page.locator(".bubble-row").first
    row.scroll_into_view_if_needed()
    row.get_by_label("Message options").click()
    _in_window(page, ".bubble-menu[open] .menu-sheet")
    row.get_by_role("button", name="React with 👍").click()
    expect(row.locator(".reaction")).to_contain_text("1")


def test_what_comes_while_one_reads_further_up_is_found_again(open_page: OpenPage, member: MemberFactory) -> None:
    _ana, bo, ident = _friends(member)
    for number in range(30):
        send_message(bo, ident, f"m{number}", f"Message {number}")
    page = open_page("ana", viewport=PHONE)
    page.goto(f"/messages/{ident}")
    expect(page.locator("[data-send]")).to_be_visible()
    log = page.locator("[data-log]")
    log.evaluate("(log) => { log.scrollTop = 0; }")
    other = open_page("bo")
    other.goto(f"/messages/{ident}")
    for number in range(30, 34):
        _say(other, f"Message {number}")
    pill = page.get_by_role("button", name="New messages")
    expect(pill).to_be_visible(timeout=20_000)
    expect(page.locator(".bubble", has_text="Message 33")).to_have_count(1)
    # Both are of today: no second line.
    expect(page.locator(".day-line")).to_have_text(["Today"])
    pill.click()
    expect(page.locator("[data-new-line]")).to_be_in_viewport()
    following = "(line) => line.nextElementSibling.textContent"
    assert "Message 30" in page.locator("[data-new-line]").evaluate(following)


def test_a_page_that_is_left_within_the_second_has_said_how_far_it_was_read(
    open_page: OpenPage, member: MemberFactory
) -> None:
    people = [member(name, name=name.title()) for name in ("ana", "bo", "cem")]
    for one in people:
        for other in people:
            if one != other:
                vouch(one, other, "trust")
    ident, _created = start_conversation(people[0], people[1:], title="Three")
    page = open_page("bo", viewport=PHONE)
    page.goto(f"/messages/{ident}")
    page.evaluate("() => { window.setTimeout = () => 1; }")  # the second never passes
    other = open_page("ana")
    other.goto(f"/messages/{ident}")
    _say(other, "Hello all")
    expect(page.locator(".bubble", has_text="Hello all")).to_be_visible()
    assert get_conversation(people[1], ident).read_seq == 0
    page.goto("about:blank")
    for _try in range(50):
        if get_conversation(people[1], ident).read_seq == 1:
            break
        db.session.rollback()
        page.wait_for_timeout(100)
    assert get_conversation(people[1], ident).read_seq == 1
