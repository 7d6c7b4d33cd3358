"""Every page of the inventory, in light on a phone and in dark on a desktop, by the rules of axe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.community.comments.service import add_comment
from app.community.item_merges.service import propose_merge
from app.community.items.service import add_item
from app.community.questions.service import answer_question, publish_question, thank_for
from app.community.questions.values import QuestionDraft
from app.community.recommendations.service import recommend, save_recommendation
from app.discovery.saved_searches.service import look_for, save_search
from app.discovery.search.values import Wanted
from app.kernel.subjects import Subject
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.marketing.confirmations.service import record_sale
from app.marketing.testimonials.service import ask_to_quote
from app.merchants.stores.service import add_product, open_store
from app.messaging.conversations.service import send_message, start_conversation
from app.moderation.reports.service import file_report
from app.moderation.rings.models import RingMember
from app.moderation.rings.service import find_rings
from app.platform.database import db
from app.trust.reputation.service import compute_nightly, name_seed
from app.trust.vouches.service import vouch
from tests.support.access_town import build_access_town
from tests.support.browser_fixtures import DESKTOP, PHONE
from tests.support.page_inventory import GUEST, PageEntry, all_entries
from tests.support.page_town import PageTown
from tests.support.page_visits import is_expected, visit, width_beyond
from tests.support.people import MemberFactory

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = Axe().axe_script
OPTIONS = {"resultTypes": ["violations"], "runOnly": WCAG}
GRAVE = {"serious", "critical"}


@dataclass(frozen=True)
class Community:
    """Where there is something to look at."""

    item: str
    listing: str
    conversation: str
    report: str
    ask: str
    said: str
    ring: str


@pytest.fixture
def community(app: Flask, member: MemberFactory) -> Community:
    """Four people who vouch, sell, say, write and report: no page is empty."""
    ana, bo = member("ana"), member("bo", name="Bo " + "Wolfeschlegelsteinhausen" * 2)
    cem, mo = member("cem", role="merchant", name="林美玲"), member("mo", role="moderator")
    vouch(ana, bo, "trust_fully", reason="My neighbour for years.")
    vouch(bo, cem, "trust", reason="Pays at once.", topic="coffee")
    vouch(mo, ana, "trust")
    item = add_item(cem, kind="product", title="Hario V60", category="Kitchen", description="A cone.")
    said = recommend(bo, item, "recommend", text="The **ceramic** keeps the heat.", rating=4)
    recommend(bo, item, "recommend", text="The **ceramic** keeps the heat for long.", rating=5)
    add_comment(ana, said, "Which size?")
    save_recommendation(ana, said, keep=True)
    recommend(cem, item, "neutral", text="Mine broke.", disclosure="gifted")
    draft = ListingDraft(kind="sale", title="Lamp", condition="good", price=Decimal(18), place="Lund")
    listing = publish_listing(cem, draft)
    publish_listing(ana, draft)
    conversation, _ = start_conversation(ana, [cem], listing)
    send_message(ana, conversation, "one", "Is it still there?")
    send_message(cem, conversation, "two", "It is.")
    store = open_store(cem, name="Stilla", slug="stilla", about="Beans.")
    add_product(cem, store, item, 1800, "EUR")
    ask_to_quote(cem, said, "Our window")
    record_sale(cem, bo, item)
    report = file_report(ana, Subject("listing", listing), "scam", "The picture is from elsewhere.")
    ask = publish_question(
        ana, QuestionDraft(text="Which dripper? " + "滤杯" * 30, topic="Coffee", place="Lund", reach=3)
    )
    thank_for(ana, ask, answer_question(bo, ask, item))
    name_seed(member("op", role="operator"), ana)
    compute_nightly()
    for a, b in permutations([member(f"ring{one}", name="指环" * 9) for one in range(4)], 2):
        vouch(a, b, "acquainted")
    find_rings()
    ring = db.session.execute(select(RingMember.ring_id).limit(1)).scalar_one()
    propose_merge(ana, add_item(bo, kind="product", title="Hario V60, white"), item, "The same cone.")
    save_search(ana, Wanted(q="lamp", near="Lund", hops=2))
    look_for("listing", listing)
    db.session.remove()
    return Community(item, listing, conversation, report, ask, said, ring)


@pytest.fixture
def page_town(app: Flask, community: Community) -> PageTown:
    """Olli's things beside those of the four."""
    listing = str(community.listing)
    best = {
        "listing_id": listing,
        "kind": "listing",
        "subject_id": listing,
        "item_id": community.item,
        "recommendation_id": community.said,
        "ask_id": community.ask,
        "conversation_id": community.conversation,
        "report_id": community.report,
        "ring_id": community.ring,
        "handle": "cem",
        "slug": "stilla",
    }
    people = {"member": "ana", "newcomer": "wanda", "merchant": "cem", "moderator": "mo", "operator": "op", "bo": "bo"}
    return PageTown(build_access_town(app), best, people)


# States that only the four have made.
ALSO = [
    PageEntry("/search", state="misspelt", query="q=lmap&distance=2&near=Lund"),
    PageEntry("/asks", state="mine", query="whose=mine"),
    PageEntry("/quotes", "bo"),
    PageEntry("/purchases", "bo"),
    PageEntry("/asks/<ask_id>", "bo"),
]


def faults(page: Page, **options: object) -> list[str]:
    """What axe calls serious or worse, and whatever makes the page wider than its window."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", OPTIONS | options)["violations"]
    wide = width_beyond(page)
    said = [
        f"{page.url}: {one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]
    return [*said, f"{page.url}: {wide} px wider than the window"] if wide > 0 else said


def test_no_page_of_the_inventory_has_a_grave_fault(open_page: Callable[..., Page], page_town: PageTown) -> None:
    """All rules on a phone in light; what another theme and another width change on a desktop in dark."""
    pages: dict[str, Page] = {}
    found = []
    for entry in [*all_entries(), *ALSO]:
        if entry.who not in pages:
            handle = None if entry.who == GUEST else page_town.handle(entry.who)
            pages[entry.who] = open_page(handle, reduced_motion="reduce", has_touch=True)
        page = pages[entry.who]
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        visit(page, entry, page_town)
        found += [f"{entry.name}: {one}" for one in faults(page)]
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="dark")
        found += [f"{entry.name}, wide and dark: {one}" for one in faults(page, runOnly=["color-contrast"])]
        said: list[str] = page.complaints  # type: ignore[attr-defined]
        found += [f"{entry.name}: {one}" for one in said if not is_expected(entry, one)]
        said.clear()
    assert not found, "\n".join(found)


def test_explanation_opens_by_keyboard_and_gives_the_focus_back(
    open_page: Callable[..., Page], community: Community
) -> None:
    page = open_page("ana")
    page.goto(f"/market/{community.listing}")
    trail = page.locator("main a[data-explain]").first
    trail.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("My neighbour for years.").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    sheet.wait_for(state="hidden")
    assert trail.evaluate("one => one === document.activeElement")


def test_chosen_theme_stays(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/login")
    page.get_by_role("button", name="Switch light and dark theme").first.click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
