"""Writing in a chat as people know it: names after an @, and a message edited where it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.kernel.clock import clock
from app.messaging.conversations.queries import messages_before
from app.messaging.conversations.service import send_message, start_conversation
from app.messaging.groups.service import join_room, open_room
from app.platform.database import db
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]

LONG = "Kerstin Åkesson-Österlund von und zu Hohenstein-Wallersdorf"


def _group(member: MemberFactory) -> tuple[int, str]:
    ana = member("ana", name="Ana")
    others = [
        member("kerstin", name=LONG),
        member("linmeiling", name="林美玲"),
        member("sami", name="سامي الخطيب"),
        member("kofi", name="Kofi Mensah"),
    ]
    for one in others:
        vouch(ana, one, "trust")
        vouch(one, ana, "trust")
    ident, _created = start_conversation(ana, others, title="Tea")
    return ana, ident


def _composer(page: Page) -> str:
    return page.locator("#body").input_value()


def _body_of_last(ident: str) -> str:
    db.session.rollback()
    return messages_before(ident, None, 1)[0].body


def test_names_are_completed_by_keyboard(open_page: OpenPage, member: MemberFactory) -> None:
    _ana, ident = _group(member)
    page = open_page("ana")
    page.goto(f"/messages/{ident}")
    box = page.get_by_label("Message", exact=True)
    box.press_sequentially("Hi @k")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(options.last).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.last.get_attribute("id")
    box.press("ArrowUp")
    box.press("ArrowUp")  # round the end
    chosen = page.locator("[role=option][aria-selected=true]").get_attribute("data-handle")
    box.press("Tab")
    assert _composer(page) == f"Hi @{chosen} "
    expect(box).to_be_focused()
    expect(options).to_have_count(0)
    assert box.get_attribute("role") is None
    # By a Chinese and an Arabic name; Escape leaves what was typed, and Enter then sends it.
    box.press_sequentially("and @林")
    expect(options).to_have_count(1)
    box.press("Enter")
    box.press_sequentially("and @سامي")
    expect(options).to_have_count(1)
    box.press("Enter")
    assert _composer(page) == f"Hi @{chosen} and @linmeiling and @sami "
    box.press_sequentially("@ker")
    expect(options).to_have_count(1)
    box.press("Escape")
    expect(options).to_have_count(0)
    box.press("Enter")
    expect(page.locator(".bubble-row.mine[data-seq] .bubble")).to_contain_text("@linmeiling")
    assert _body_of_last(ident) == f"Hi @{chosen} and @linmeiling and @sami @ker"


def test_a_name_is_taken_by_a_finger_and_survives_as_a_draft(open_page: OpenPage, member: MemberFactory) -> None:
    _ana, ident = _group(member)
    page = open_page("ana", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/messages/{ident}")
    box = page.get_by_label("Message", exact=True)
    box.tap()
    box.press_sequentially("@")
    options = page.get_by_role("option")
    expect(options).to_have_count(4)
    for place in range(4):
        shape = options.nth(place).bounding_box()
        assert shape is not None
        assert shape["height"] >= 44
        assert shape["x"] >= 0
        assert shape["x"] + shape["width"] <= PHONE["width"]
    page.get_by_role("option", name=LONG).tap()
    assert _composer(page) == "@kerstin "
    expect(box).to_be_focused()
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.endsWith(':chat'))")
    page.reload()
    expect(box).to_have_value("@kerstin ")
    expect(options).to_have_count(0)


def test_a_rooms_people_are_asked_for_while_one_types(open_page: OpenPage, member: MemberFactory) -> None:
    ana, bo = member("ana", name="Ana"), member("bosse", name="Bo Almgren")
    room = open_room(ana, "Graz", "Mur", "Graz")
    join_room(bo, room)
    page = open_page("ana")
    page.goto(f"/messages/{room}")
    box = page.get_by_label("Message", exact=True)
    box.press_sequentially("Welcome @alm")
    expect(page.get_by_role("option")).to_have_count(0)  # nobody's name begins so
    for _letter in "alm":
        box.press("Backspace")
    box.press_sequentially("bo")
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    assert _composer(page) == "Welcome @bosse "


def test_a_message_is_edited_where_it_stands(open_page: OpenPage, member: MemberFactory) -> None:
    ana, ident = _group(member)
    with clock.freeze(clock.now() - timedelta(hours=49)):
        send_message(ana, ident, "old", "Too late")
    send_message(ana, ident, "new", "Helo")
    page = open_page("ana")
    page.goto(f"/messages/{ident}")
    rows = page.locator(".bubble-row.mine")
    rows.first.get_by_label("Message options").click()
    expect(rows.first.get_by_role("link", name="Reply")).to_be_visible()
    expect(rows.first.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    # Escape leaves it as it is.
    box = page.get_by_label("Message", exact=True)
    box.press("ArrowUp")
    field = page.get_by_label("Edit message")
    expect(field).to_be_focused()
    field.fill("Something else")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(box).to_be_focused()
    expect(rows.last.locator(".bubble")).to_have_text("Helo")
    box.press("ArrowUp")
    field.fill("")
    field.press("Enter")
    expect(field).to_be_visible()  # an empty message is none
    field.fill("Hello")
    field.press("Enter")
    expect(rows.last.locator(".bubble")).to_have_text("Hello")
    expect(rows.last.get_by_role("link", name="edited")).to_be_visible()
    expect(field).to_have_count(0)
    assert page.url.endswith(f"/messages/{ident}")
    assert _body_of_last(ident) == "Hello"


def test_a_message_is_edited_by_a_finger_while_others_react(open_page: OpenPage, member: MemberFactory) -> None:
    ana, ident = _group(member)
    send_message(ana, ident, "new", "Helo")
    page = open_page("ana", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/messages/{ident}")
    row = page.locator(".bubble-row.mine")
    row.get_by_label("Message options").tap()
    row.get_by_role("link", name="Edit", exact=True).tap()
    field = page.get_by_label("Edit message")
    field.fill("Hello")
    other = open_page("kofi")
    other.goto(f"/messages/{ident}")
    other.locator(".bubble-row").get_by_label("Message options").click()
    other.get_by_role("button", name="React with 👍").click()
    expect(row.locator(".reaction")).to_have_count(1)
    expect(field).to_have_value("Hello")
    row.get_by_role("button", name="Save").tap()
    expect(row.locator(".bubble")).to_have_text("Hello")
    expect(other.locator(".bubble-row .bubble")).to_have_text("Hello")


def test_people_for_a_group_are_found_while_one_types(open_page: OpenPage, member: MemberFactory) -> None:
    _group(member)
    page = open_page("ana", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/messages/group")
    rows = page.locator(".pick")
    expect(rows).to_have_count(4)
    search = page.get_by_label("Search people")
    search.tap()
    search.press_sequentially("kof")
    expect(rows).to_have_count(1)
    expect(search).to_be_focused()
    page.get_by_text("Kofi Mensah", exact=True).tap()
    # The words are taken back while the answer to the tick is on its way.
    search.fill("")
    expect(page.locator(".picked-one")).to_contain_text("Kofi Mensah")
    expect(rows).to_have_count(3)
    page.get_by_text(LONG, exact=True).tap()
    page.get_by_text("林美玲", exact=True).tap()
    chips = page.locator(".picked-one")
    expect(chips).to_have_count(3)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    chips.filter(has_text="Kofi").tap()
    expect(chips).to_have_count(2)
    page.get_by_label("Name").fill("Two and me")
    page.get_by_role("button", name="Create group").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two and me")
