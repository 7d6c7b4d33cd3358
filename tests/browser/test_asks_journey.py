"""Ask, answer in words or with a recommendation, thank: each on a phone, by touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]
QUESTION = "Who knows a good bike repair near Lund?"


def test_ana_asks_one_friend_answers_in_words_and_another_with_a_recommendation(
    open_page: OpenPage, member: MemberFactory
) -> None:
    ids = {handle: member(handle, name=name) for handle, name in (("ana", "Ana"), ("bo", "Bo"), ("cem", "Cem"))}
    for one, other in (("ana", "bo"), ("ana", "cem"), ("bo", "ana")):
        vouch(ids[one], ids[other], "trust_fully", reason="Neighbours.")
    clinic = add_item(ids["cem"], kind="service", title="Cykelkliniken", description="Bike repair by the station")
    recommend(ids["bo"], clinic, "recommend", text="Quick.")
    ana, bo, cem = (
        open_page(who, viewport=PHONE, has_touch=True, reduced_motion="reduce", dark=who == "bo")
        for who in ("ana", "bo", "cem")
    )

    ana.goto("/asks")
    ana.get_by_role("main").get_by_role("link", name="Ask", exact=True).tap()
    ana.get_by_label("What are you looking for?").fill(QUESTION)
    known = ana.get_by_role("region", name="Already recommended")
    expect(known).to_contain_text("1 person you trust recommends it")
    ana.get_by_label("Place").fill("Lund")
    ana.get_by_label("Up to 3 steps away").tap()
    ana.get_by_role("button", name="Ask", exact=True).tap()
    ana.wait_for_url(re.compile(r"/asks/[0-9a-z]{26}"))
    expect(ana.get_by_text("Sent to 2 people.")).to_be_visible()
    address = ana.url.split("?")[0]

    _open(bo)
    bo.get_by_label("What would you tell Ana?").fill("The **smith** in Möllevången, before noon.")
    bo.get_by_role("button", name="Post answer", exact=True).tap()
    expect(bo.get_by_text("Answer posted. Ana will see it.")).to_be_visible()
    # What was forgotten is added by editing.
    bo.locator(".answer").get_by_role("link", name="Edit").tap()
    bo.get_by_label("Your answer").fill("The **smith** in Möllevången, before noon. Ask for Lars.")
    bo.get_by_role("button", name="Save").tap()
    expect(bo.locator(".answer")).to_contain_text("Ask for Lars.")

    ana.goto("/notifications")
    ana.get_by_role("main").get_by_role("link", name=re.compile("Bo answered your question")).first.tap()
    answer = ana.locator(".answer")
    expect(answer.locator("strong", has_text="smith")).to_be_visible()
    expect(answer.locator("a.trail")).to_contain_text("You know Bo")
    answer.get_by_role("button", name="Thank Bo").tap()
    expect(ana.locator(".answer")).to_contain_text("Most helpful")

    _open(cem)
    cem.get_by_label("What would you tell Ana?").fill("They lend you a bicycle meanwhile.")
    cem.get_by_text("Attach a recommendation").tap()
    # What is there is offered while Cem types, and its exact title picks it.
    cem.get_by_label("What are you recommending?").fill("cykelkliniken")
    expect(cem.get_by_label("Cykelkliniken", exact=True)).to_be_checked()
    cem.get_by_role("radio", name="No", exact=True).tap()
    cem.get_by_role("button", name="Post answer", exact=True).tap()
    expect(cem.get_by_text("Answer posted. Ana will see it.")).to_be_visible()

    ana.goto(address)
    expect(ana.get_by_role("heading", name="2 answers")).to_be_visible()
    expect(ana.locator(".answer").first).to_contain_text("Most helpful")
    second = ana.locator(".answer").nth(1)
    expect(second).to_contain_text("They lend you a bicycle meanwhile.")
    second.get_by_role("link", name="Cykelkliniken").tap()
    expect(ana.get_by_text("2 people you trust recommend this").first).to_be_visible()
    expect(ana.get_by_text("They lend you a bicycle")).to_have_count(0)

    bo.goto("/m/bo")
    expect(bo.get_by_text("helped 1 person who asked")).to_be_visible()


def _open(page: Page) -> None:
    page.goto("/asks")
    page.get_by_role("link", name=QUESTION).tap()
