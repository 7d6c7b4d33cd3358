"""A word of 95 characters without a break, wherever members write, on a phone: no page is wider than it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from app.community.comments.service import add_comment
from app.community.items.service import add_item
from app.community.questions.service import publish_question
from app.community.questions.values import QuestionDraft
from app.community.recommendations.service import recommend
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.conversations.service import send_message, start_conversation
from app.messaging.groups.service import open_room
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]

ADDRESS = "https://long.example/" + "a1b2c3d4e5" * 7 + "end!"
WORD = "W" * 60


def wider(page: Page) -> int:
    """How far the page can be pushed sideways, in pixels."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_no_word_makes_a_page_wider_than_a_phone(open_page: OpenPage, member: MemberFactory) -> None:
    assert len(ADDRESS) == 95
    ana, bo = member("ana", name=WORD[:40]), member("bo", name=WORD[:40])
    for one, other in ((ana, bo), (bo, ana)):
        vouch(one, other, "trust", ADDRESS)
    item = add_item(bo, kind="product", title=ADDRESS, description=ADDRESS)
    said = recommend(bo, item, "recommend", text=ADDRESS)
    add_comment(ana, said, ADDRESS)
    listing = publish_listing(
        bo,
        ListingDraft(kind="give", title=ADDRESS, category="home", condition="good", place=WORD, description=ADDRESS),
    )
    ask = publish_question(bo, QuestionDraft(text=ADDRESS, topic=WORD[:40], place=WORD[:40], reach=2))
    chat, _made = start_conversation(ana, [bo])
    for number, author in enumerate((ana, bo)):
        send_message(author, chat, f"client-{number}", ADDRESS)
    send_message(bo, chat, "client-reply", ADDRESS, reply_to=1)
    room = open_room(ana, WORD, ADDRESS, WORD)
    page = open_page("ana", viewport=PHONE)
    found = {}
    for path in (
        "/",
        "/explore",
        "/market",
        f"/market/{listing}",
        "/items",
        f"/items/{item}",
        f"/recommendations/{said}",
        "/asks",
        f"/asks/{ask}",
        "/messages",
        f"/messages/{chat}",
        f"/messages/{chat}?reply=1",
        f"/messages/{room}",
        f"/messages/{room}/people",
        "/rooms",
        "/m/bo",
        "/vouch/bo",
        "/circle",
        "/notifications",
        "/saved",
        f"/search?q={WORD}",
        f"/report/recommendation/{said}",
        f"/recommend/listing/{listing}",
        "/people",
    ):
        page.goto(path)
        found[path] = wider(page)
    assert {path: by for path, by in found.items() if by > 0} == {}

    # What is typed, quoted and chosen just now as well.
    page.goto(f"/messages/{chat}")
    page.get_by_label("Message", exact=True).fill(ADDRESS)
    page.get_by_label("Message", exact=True).press("Enter")
    page.locator(".bubble-row:not(.pending)", has_text=ADDRESS).last.wait_for()
    page.evaluate("document.querySelector('[data-reply]').click()")
    assert page.locator("[data-answering]").is_visible()
    assert wider(page) == 0
