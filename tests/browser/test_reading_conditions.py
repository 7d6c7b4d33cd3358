"""Fingers, eyes and paper: how large what one touches is, more contrast, less motion, and print."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.test_mirrored_pages import handle_of
from tests.support.access_town import build_access_town
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.page_inventory import PAGES, PageEntry, fill_route
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]

# What can be touched and is smaller than 44 px. A link in a sentence is as high as its line (WCAG 2.5.8); a box
# is touched by its label, a card by the link that covers it.
SMALL = """() => {
  const least = 43.5;
  const inSentence = (one) => getComputedStyle(one).display === "inline" &&
    [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
  const unseen = "[hidden], .vh, .skip, .prose, dialog:not([open]), details:not([open]) > :not(summary)";
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => {
      if (one.closest(unseen) || inSentence(one)) return false;
      if (one.tabIndex < 0 && one.getAttribute("aria-hidden") === "true") return false;
      const cover = getComputedStyle(one, "::after");
      if (cover.content !== "none" && cover.position === "absolute") return false;
      const boxes = [one, ...(one.labels ?? [])].map((each) => each.getBoundingClientRect());
      const size = (side) => Math.max(...boxes.map((box) => box[side]));
      // A short word is as wide as it is.
      const narrow = one.tagName === "A" && one.textContent.trim() ? 15 : least;
      return boxes[0].width > 0 && (size("height") < least || size("width") < narrow);
    })
    .map((one) => `${one.tagName.toLowerCase()}.${one.className} in .${one.parentElement.className}`);
}"""


def small(page: Page) -> set[str]:
    return set(page.evaluate(SMALL))


# The chat's bubbles have a menu of their own, see tests/browser/test_chat_journey.py.
@pytest.mark.parametrize("sheet", sorted(set(PAGES) - {"chat"}))
def test_what_is_touched_is_large_enough(app: Flask, open_page: OpenPage, member: MemberFactory, sheet: str) -> None:
    town = build_access_town(app)
    member("newcomer")
    entries: list[PageEntry] = [one for one in PAGES[sheet] if not one.sent_empty and one.route != "/api/v1/docs"]
    found: set[str] = set()
    for who in sorted({entry.who for entry in entries}):
        theirs = [entry for entry in entries if entry.who == who]
        page = open_page(handle_of(town, theirs[0]), viewport=PHONE, reduced_motion="reduce", has_touch=True)
        for entry in theirs:
            values = {**town.values(entry.route), "handle": "olli"}
            path = fill_route(entry.route, {name: str(value) for name, value in values.items()})
            query = f"?{entry.query.format_map(values)}" if entry.query else ""
            page.goto(path + query, wait_until="domcontentloaded")
            found |= {f"{entry.name}: {one}" for one in small(page)}
        complaints: list[str] = page.complaints  # type: ignore[attr-defined]
        complaints[:] = [said for said in complaints if "status of 40" not in said]
    assert found == set(), "\n".join(sorted(found))


def test_contrast_motion_and_paper(open_page: OpenPage, member: MemberFactory) -> None:
    member("ana")
    page = open_page("ana", viewport=PHONE, dark=True)
    page.goto("/settings/notifications")
    colour = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    assert page.evaluate(colour, "--soft") != page.evaluate(colour, "--ink")
    page.emulate_media(contrast="more")
    assert page.evaluate(colour, "--soft") == page.evaluate(colour, "--ink")
    moves = "getComputedStyle(document.querySelector('.switch input')).transitionDuration"
    assert page.evaluate(moves) != "0s"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == "0s"
    # On paper: dark on white out of the dark theme, without what can only be pressed.
    page.emulate_media(media="print", contrast="no-preference")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    for pressed in (".top", ".tabs", ".foot", ".pagetabs", "main .btn"):
        assert not page.locator(pressed).first.is_visible(), pressed
    assert page.get_by_role("heading", level=1).is_visible()
