"""What a keyboard and a chosen theme do; the rules of axe on every page are in test_every_page.py."""

from __future__ import annotations

import pytest

from tests.support.browser_fixtures import OpenPage
from tests.support.full_town import build_community
from tests.support.page_checks import faults
from tests.support.people import MemberFactory

pytestmark = pytest.mark.browser


def test_explanation_opens_by_keyboard_and_gives_the_focus_back(open_page: OpenPage, member: MemberFactory) -> None:
    community = build_community(member)
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


def test_chosen_theme_stays(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/login")
    page.get_by_role("button", name="Switch light and dark theme").first.click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
