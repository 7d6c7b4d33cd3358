"""Eyes and paper: more contrast, less motion, and print."""

from __future__ import annotations

import pytest

from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


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
