"""Every page mirrored, and with texts half again as long, on a phone: nothing moves out of its window.

The pseudo-languages are made in the browser, of what the page says: so they hold for every text, the
members' own too, and no catalogue has to know them.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.support.access_town import AccessTown, build_access_town
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.page_inventory import GUEST, NEWCOMER, PAGES, PageEntry, fill_route
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]

# Stops that last for half of a text, as German or Finnish would need them.
LONGER = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walk.nextNode()) texts.push(walk.currentNode);
  for (const text of texts) {
    const said = text.data.trim();
    if (!said || text.parentElement.closest("script, style, textarea")) continue;
    text.data = `${text.data} ${said.slice(0, Math.ceil(said.length / 2))}`;
  }
  for (const option of document.querySelectorAll("input[placeholder]")) option.placeholder += option.placeholder;
}"""
MIRRORED = "() => { document.documentElement.dir = 'rtl'; }"
# What sticks out, with the first few that do.
OUTSIDE = """() => {
  const root = document.documentElement;
  const by = root.scrollWidth - root.clientWidth;
  if (by <= 0) return null;
  const out = [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 1 || box.left < -1);
  });
  return `${by} px: ` + out.slice(-3).map((one) => `${one.tagName}.${one.className}`).join(" ");
}"""


def handle_of(town: AccessTown, entry: PageEntry) -> str | None:
    if entry.who == GUEST:
        return None
    return "newcomer" if entry.who == NEWCOMER else town.handle(entry.who)


def outside(page: Page, entries: list[PageEntry], town: AccessTown) -> dict[str, str]:
    """By page and pseudo-language: by how much it is wider than its window."""
    found = {}
    for entry in entries:
        values = {**town.values(entry.route), "handle": "olli"}
        path = fill_route(entry.route, {name: str(value) for name, value in values.items()})
        query = f"?{entry.query.format_map(values)}" if entry.query else ""
        page.goto(path + query, wait_until="domcontentloaded")
        for name, changes in (("plain", ()), ("mirrored", (MIRRORED,)), ("longer and mirrored", (LONGER,))):
            for change in changes:
                page.evaluate(change)
            said = page.evaluate(OUTSIDE)
            if said:
                found[f"{entry.name}, {name}"] = said
    return found


@pytest.mark.parametrize("sheet", sorted(PAGES))
def test_nothing_leaves_the_window(app: Flask, open_page: OpenPage, member: MemberFactory, sheet: str) -> None:
    town = build_access_town(app)
    member("newcomer", name="阿布扎比·عبد الرحمن " + "Wolfeschlegelsteinhausen")
    entries = [entry for entry in PAGES[sheet] if not entry.sent_empty]
    found = {}
    for who in sorted({entry.who for entry in entries}):
        theirs = [entry for entry in entries if entry.who == who]
        page = open_page(handle_of(town, theirs[0]), viewport=PHONE, reduced_motion="reduce")
        found |= outside(page, theirs, town)
        # Pages that say that something is missing or forbidden are among them.
        complaints: list[str] = page.complaints  # type: ignore[attr-defined]
        complaints[:] = [said for said in complaints if "status of 40" not in said]
    assert found == {}, "\n".join(f"{name}: {said}" for name, said in found.items())
