"""The circle as a picture: the list by keyboard, the explanation, and a browser that cannot draw."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.platform.database import db
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

pytestmark = pytest.mark.browser

NO_WEBGL = """
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : real.call(this, kind, ...more);
};
"""


@pytest.fixture(autouse=True)
def _circle(app: Flask, member: MemberFactory) -> None:
    ana, bo, dee = member("ana"), member("bo", name="Bo"), member("dee", name="Dee Secret", discreet=True)
    vouch(ana, bo, "trust_fully", reason="My neighbour for years.")
    vouch(bo, dee, "trust")
    db.session.remove()


def test_the_list_works_by_keyboard_with_and_without_the_drawing(open_page: Callable[..., Page]) -> None:
    for draws in (True, False):
        page = open_page("ana", reduced_motion="reduce")
        if not draws:
            page.add_init_script(NO_WEBGL)
        page.goto("/circle/picture")
        page.locator("#circle-wait").wait_for(state="hidden")
        # Where WebGL is missing on the machine itself both are the same.
        drawn = page.locator("#circle-map[data-ready]").count() == 1
        assert drawn or page.locator("#circle-none").is_visible()
        assert not (drawn and not draws)
        assert "Dee Secret" not in page.content()
        row = page.locator("[data-person=bo]")
        row.focus()
        page.keyboard.press("Enter")
        sheet = page.get_by_role("dialog")
        sheet.get_by_text("My neighbour for years.").wait_for()
        page.keyboard.press("Escape")
        sheet.wait_for(state="hidden")
        assert row.evaluate("one => one === document.activeElement")
        row.click()
        sheet.get_by_role("button", name="Mute").click()
        page.get_by_text("Their posts won’t appear").wait_for()
        page.locator("[data-person=bo]").click()
        sheet.get_by_role("button", name="Unmute").click()
        page.get_by_text("appear in your feed again").wait_for()
