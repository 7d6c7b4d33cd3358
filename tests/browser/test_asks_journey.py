"""Ask, answer, thank: two members, each on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def test_ana_asks_bo_answers_and_is_thanked(open_page: OpenPage, member: MemberFactory) -> None:
    ids = {handle: member(handle, name=name) for handle, name in (("ana", "Ana"), ("bo", "Bo"), ("cem", "Cem"))}
    vouch(ids["ana"], ids["bo"], "trust_fully", reason="Neighbours.")
    vouch(ids["bo"], ids["ana"], "trust")
    clinic = add_item(ids["cem"], kind="service", title="Cykelkliniken", description="Bike repair by the station")
    recommend(ids["bo"], clinic, "recommend", text="Quick.")
    ana, bo = open_page("ana", viewport=PHONE), open_page("bo", viewport=PHONE, dark=True)

    ana.goto("/asks/new")
    ana.get_by_label("What are you looking for?").fill("Who knows a good bike repair near Lund?")
    known = ana.get_by_role("region", name="Already recommended")
    expect(known).to_contain_text("1 person you trust recommends it")
    ana.get_by_label("Place").fill("Lund")
    ana.get_by_label("Up to 3 steps away").check()
    ana.get_by_role("button", name="Ask", exact=True).click()
    ana.wait_for_url(re.compile(r"/asks/[0-9a-z]{26}"))
    expect(ana.get_by_text("Sent to 1 person.")).to_be_visible()

    bo.goto("/asks")
    bo.get_by_role("link", name="Who knows a good bike repair near Lund?").click()
    bo.get_by_label("What are you recommending?").fill("cykel kliniken")
    # What is there is offered while Bo types.
    bo.get_by_label("What are you recommending?").fill("Cykelkliniken Lund")
    bo.get_by_label("Cykelkliniken", exact=True).check()
    bo.get_by_label("In your words").fill("Ask for **Lars**.")
    bo.get_by_role("radio", name="No", exact=True).check()
    bo.get_by_role("button", name="Post answer", exact=True).click()
    expect(bo.get_by_text("Answer posted. Ana will see it.")).to_be_visible()

    ana.reload()
    answer = ana.locator(".answer")
    expect(answer).to_contain_text("Cykelkliniken")
    expect(answer.locator("strong", has_text="Lars")).to_be_visible()
    expect(answer.locator("a.trail")).to_contain_text("You know Bo")
    answer.get_by_role("button", name="Thank Bo").click()
    expect(ana.locator(".answer")).to_contain_text("Most helpful")

    bo.reload()
    expect(bo.locator(".answer")).to_contain_text("Most helpful")
    bo.goto("/m/bo")
    expect(bo.get_by_text("helped 1 person who asked")).to_be_visible()
