"""Every page of the inventory, visited once: what axe says, what a finger misses, what leaves the window.

In light on a phone, in dark on a desktop, mirrored, and with texts half again as long. A sheet is a test of its own, so
that several processes share them.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.support.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.support.full_town import ALSO, build_full_town
from tests.support.page_checks import faults, pushed_out, small
from tests.support.page_inventory import GUEST, PAGES, PageEntry
from tests.support.page_visits import is_expected, visit

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.browser]


def touched(page: Page, entry: PageEntry) -> list[str]:
    """What a finger misses; the API's page is a document."""
    return [] if entry.route == "/api/v1/docs" else small(page)


def look_at(page: Page, entry: PageEntry) -> list[str]:
    """All rules on a phone in light; what another theme, width and way of writing change after that."""
    found = [*faults(page), *touched(page, entry)]
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="dark")
    found += [f"wide and dark: {one}" for one in faults(page, runOnly=["color-contrast"])]
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    # Last, for it changes what the page says.
    return [*found, *pushed_out(page)]


@pytest.mark.parametrize("sheet", sorted(PAGES))
def test_pages_of_a_sheet(app: Flask, open_page: OpenPage, sheet: str) -> None:
    town = build_full_town(app)
    pages: dict[str, Page] = {}
    found = []
    for entry in [*PAGES[sheet], *ALSO.get(sheet, ())]:
        if entry.who not in pages:
            handle = None if entry.who == GUEST else town.handle(entry.who)
            pages[entry.who] = open_page(handle, viewport=PHONE, reduced_motion="reduce", has_touch=True)
        page = pages[entry.who]
        visit(page, entry, town)
        found += [f"{entry.name}: {one}" for one in look_at(page, entry)]
        said: list[str] = page.complaints  # type: ignore[attr-defined]
        found += [f"{entry.name}: {one}" for one in said if not is_expected(entry, one)]
        said.clear()
    assert not found, "\n".join(found)
