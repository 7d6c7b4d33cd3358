"""A stranger asks, is let in, talks, loses the network, and nothing is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.messaging.conversations.service import start_conversation
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def _say(page: Page, words: str) -> None:
    page.get_by_label("Message", exact=True).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def test_request_accept_chat_cut_and_back(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana", name="Ana")
    member("bo", name="Bo")
    ana, bo = open_page("ana"), open_page("bo", viewport=PHONE, dark=True)
    ana.goto("/m/bo")
    ana.get_by_role("button", name="Message").click()
    ana.wait_for_url("**/messages/*")
    _say(ana, "Hello Bo, is the lamp still there?")
    expect(ana.locator(".bubble-row:not(.pending)", has_text="Hello Bo")).to_be_visible()
    ana.reload()
    expect(ana.get_by_text("Request sent.")).to_be_visible()

    bo.goto("/messages")
    expect(bo.locator("[data-badge=messages]").first).to_be_hidden()
    bo.get_by_role("link", name="Requests (1)").click()
    bo.get_by_role("link", name="Ana", exact=True).click()
    expect(bo.get_by_text("You aren’t connected.")).to_be_visible()
    bo.get_by_role("button", name="Accept").click()
    _say(bo, "It is. Come and see it.")
    # Ana's page heard that she was let in.
    expect(ana.get_by_label("Message", exact=True)).to_be_visible()
    expect(ana.locator(".bubble", has_text="Come and see it.")).to_be_visible()

    # The network is gone: what Ana writes stays on the page, and stays through a reload.
    ana.context.set_offline(True)
    _say(ana, "First, on the train")
    _say(ana, "Second, in the tunnel")
    expect(ana.locator(".bubble-row.pending")).to_have_count(2)
    _say(bo, "Thursday at five?")
    ana.context.set_offline(False)
    ana.reload()
    for page in (ana, bo):
        for words in ("First, on the train", "Second, in the tunnel", "Thursday at five?"):
            expect(page.locator(".bubble-row:not(.pending) .bubble", has_text=words)).to_have_count(1)
    rows = bo.locator(".bubble-row[data-seq]")
    assert [int(row.get_attribute("data-seq") or 0) for row in rows.all()] == list(range(1, 6))
    told = [row.inner_text() for row in bo.locator(".bubble").all()]
    assert told.index("First, on the train") < told.index("Second, in the tunnel")
    ana.complaints.clear()  # type: ignore[attr-defined] # the cut itself is what they are about


def test_answers_reactions_edits_and_signs_reach_the_other_page(open_page: OpenPage, member: MemberFactory) -> None:
    a, b = member("ana", name="Ana"), member("bo", name="Bo")
    vouch(a, b, "trust")
    vouch(b, a, "trust")
    ana, bo = open_page("ana"), open_page("bo")
    ident, _created = start_conversation(a, [b])
    ana.goto(f"/messages/{ident}")
    bo.goto(f"/messages/{ident}")
    expect(bo.locator("[data-send]")).to_be_visible()
    _say(ana, "Is it oak? See /m/bo")
    row = bo.locator(".bubble-row", has_text="Is it oak?")
    expect(row.locator(".link-card", has_text="Bo")).to_be_visible()
    asked: list[str] = []
    ana.on("request", lambda one: asked.append(one.url))
    row.get_by_label("Message options").click()
    row.get_by_role("button", name="React with 👍").click()
    expect(ana.locator(".reaction", has_text="👍 1")).to_be_visible()
    assert not [one for one in asked if "/row/" in one], "a reaction comes with its hint"
    bo.locator(".bubble-row", has_text="Is it oak?").get_by_label("Message options").click()
    bo.locator(".bubble-row", has_text="Is it oak?").get_by_role("link", name="Reply").click()
    _say(bo, "It is beech. Pay by bank transfer to me")
    quoted = ana.locator(".bubble-row", has_text="It is beech.")
    expect(quoted.locator(".quote")).to_contain_text("Is it oak?")
    expect(quoted.locator(".signs")).to_contain_text("aren’t protected")
    mine = bo.locator(".bubble-row.mine", has_text="It is beech.")
    mine.get_by_label("Message options").click()
    mine.get_by_role("link", name="Edit").click()
    bo.get_by_label("Edit message").fill("It is oak after all.")
    bo.get_by_role("button", name="Save").click()
    expect(ana.locator(".bubble", has_text="It is oak after all.")).to_be_visible()
    ana.get_by_role("link", name="edited").click()
    expect(ana.get_by_text("It is beech.")).to_be_visible()
