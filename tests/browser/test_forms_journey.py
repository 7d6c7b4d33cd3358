"""What people type outlives reloads, ended sessions, other tabs and heavy photos."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.community.questions.models import Question
from app.kernel.subjects import Subject
from app.market.listings.models import Listing
from app.messaging.conversations.models import Message, MessagePhoto
from app.messaging.conversations.service import send_message, start_conversation
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import VOUCH
from app.notifications.preferences.service import choose
from app.notifications.preferences.values import Day
from app.platform.database import db
from app.platform.files import Photo
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage, session_cookie
from tests.support.live import LiveServer
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def drafts(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kin-draft:'))")
    return found


def rows(model: type) -> list[object]:
    db.session.rollback()
    return list(db.session.scalars(select(model)))


def test_a_draft_outlives_a_reload_and_an_ended_session(
    app: Flask, live_server: LiveServer, open_page: OpenPage, member: MemberFactory
) -> None:
    member("ana")
    page = open_page("ana", viewport=PHONE)
    page.goto("/asks/new")
    text = page.get_by_label("What are you looking for?")
    text.fill("Who mends old kettles near Graz?")
    page.reload()
    expect(text).to_have_value("Who mends old kettles near Graz?")
    expect(page.get_by_text("Draft restored.")).to_be_visible()

    # The session ends. What the page asks for by itself leads nowhere; it only says so.
    page.context.clear_cookies()
    text.press_sequentially(" And pots?")
    expect(page.get_by_text("You’re signed out.")).to_be_visible()
    assert page.url.endswith("/asks/new")
    link = page.locator("#signed-out a")
    assert (link.get_attribute("href") or "").endswith("/login?next=%2Fasks%2Fnew")

    # Sent all the same: the form comes back, and goes on once somebody signed in elsewhere.
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in to send this")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Who mends old kettles near Graz? And pots?")
    page.context.clear_cookies()
    page.context.add_cookies([session_cookie(app, live_server, "ana")])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("document.body.dataset.viewer === undefined")
    page.get_by_role("button", name="Send", exact=True).click()
    if page.get_by_role("button", name="Send", exact=True).is_visible():
        # The other session has another token: once more, and nothing was lost.
        page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/asks/*asked=1")
    assert [ask.text for ask in rows(Question)] == ["Who mends old kettles near Graz? And pots?"]  # type: ignore[attr-defined]

    # What has arrived is no draft any more.
    page.goto("/asks/new")
    expect(text).to_have_value("")
    page.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('kin-draft:'))")

    # Signing out takes what was not sent.
    text.fill("Nobody shall read this")
    page.reload()
    assert drafts(page)
    page.goto("/me")
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url(lambda url: "/me" not in url)
    assert drafts(page) == []
    page.complaints.clear()  # type: ignore[attr-defined] # the 401 and 404 are what this is about


def test_a_chat_keeps_its_words_and_its_photos(open_page: OpenPage, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    vouch(bo, ana, "trust")
    chat, _made = start_conversation(ana, [bo])
    page = open_page("ana", viewport=PHONE)
    page.goto(f"/messages/{chat}")
    box = page.get_by_label("Message", exact=True)
    box.fill("Half a thought")
    page.reload()
    expect(box).to_have_value("Half a thought")

    # Enter that ends a word in an input method sends nothing, in Safari's way either.
    box.evaluate(
        "(box) => box.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
    )
    assert rows(Message) == []

    # A photo is chosen; it stands above the words. The upload hangs, and another tab opens.
    picture = BytesIO()
    Image.effect_noise((3200, 2400), 60).convert("RGB").save(picture, "JPEG", quality=96)
    page.locator("input[type=file]").set_input_files(
        {"name": "kettle.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    shelf = page.locator("[data-previews] img")
    expect(shelf).to_be_visible()
    above, below = shelf.bounding_box(), box.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    sizes: list[int] = []

    def hang(route: Route) -> None:
        sizes.append(len(route.request.post_data_buffer or b""))

    page.route("**/photos", hang)
    page.get_by_role("button", name="Send", exact=True).click()
    # Making it smaller takes a slow machine a while.
    expect(page.locator(".bubble-row.pending")).to_have_count(1, timeout=20_000)
    other = page.context.new_page()
    other.goto("/messages")
    page.close()
    other.goto("/market")
    other.wait_for_function("() => !localStorage.getItem('kin-outbox:ana')", timeout=20_000)
    sent = rows(Message)
    assert [message.body for message in sent] == ["Half a thought"]  # type: ignore[attr-defined]
    assert len(rows(MessagePhoto)) == 1
    assert not sizes or max(sizes) < len(picture.getvalue())
    assert drafts(other) == []
    other.complaints = []  # type: ignore[attr-defined]


def test_two_clicks_on_a_slow_line_make_one_listing(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    page = open_page("ana", viewport=PHONE)
    page.goto("/market/new")
    page.get_by_label("What is it?").select_option("give")
    page.get_by_label("Title").fill("A kettle")
    page.get_by_label("Place").fill("Graz")
    page.get_by_label("Condition").select_option("good")
    picture = BytesIO()
    Image.new("RGB", (8160, 6120), (200, 90, 60)).save(picture, "PNG")
    page.locator("#photos").set_input_files({"name": "50MP.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    button = page.get_by_role("button", name="Post", exact=True)
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place is not None
    # By the mouse itself: a locator's click waits for a frame, which a page that is leaving may never draw again.
    for _click in range(2):
        page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    # The second click may take the place of the first one's navigation; waiting for that one would fail.
    expect(page).to_have_url(re.compile("/market/0"), timeout=30_000)
    assert len(rows(Listing)) == 1
    photo = rows(Photo)
    assert photo
    assert photo[0].width == 1600  # type: ignore[attr-defined]


@pytest.mark.parametrize(("chosen", "shown"), [(None, "GMT+9"), ("America/New_York", "Eastern|GMT-4|GMT-5")])
def test_exact_times_are_in_the_readers_zone(
    open_page: OpenPage, member: MemberFactory, chosen: str | None, shown: str
) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(bo, ana, "trust", "a friend")
    # The reaction to it runs in the server beside us, and may still be at work.
    notify(ana, VOUCH, Subject("member", str(bo)), actor_id=bo)
    chat, _made = start_conversation(ana, [bo])
    send_message(ana, chat, "client-1", "Hello")
    if chosen:
        choose(ana, {}, Day(timezone=chosen))
    page = open_page("ana", timezone_id="Asia/Tokyo")
    # They are told once the page has nothing better to do.
    told = """(zones) => {
      const titles = [...document.querySelectorAll("time[datetime]")].map((one) => one.title);
      return titles.length && titles.every((title) => zones.some((zone) => title.includes(zone)));
    }"""
    for path in (f"/messages/{chat}", "/notifications", "/m/ana", "/messages"):
        page.goto(path)
        page.wait_for_function(told, arg=shown.split("|"))
        if not chosen:
            # A row that the server has drawn anew, in its own zone, is told by the same clock.
            page.evaluate("""() => {
              const row = document.querySelector("main time[datetime]");
              const fresh = row.cloneNode(true);
              fresh.title = "07:56:29 UTC";
              row.replaceWith(fresh);
            }""")
            page.wait_for_function(told, arg=shown.split("|"))
