"""Join on a phone, find what is mine, and turn off what one does not want to hear: by touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.notifications.kinds.values import JOINED, Channel, Pace
from app.notifications.preferences.queries import wishes_of
from app.people.accounts.queries import member_id
from app.platform.database import db
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import PASSWORD, MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def test_join_look_around_and_be_left_in_peace(open_page: OpenPage, member: MemberFactory) -> None:
    member("zoe")
    page = open_page(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Join").tap()
    # The username comes of the name, and says whether it can be had.
    page.get_by_label("Name", exact=True).press_sequentially("Zoë Ødegård")
    username = page.get_by_label("Username")
    expect(username).to_have_value("zoeodegard")
    expect(page.get_by_text("@zoeodegard is available.")).to_be_visible()
    username.fill("zoe")
    expect(page.get_by_text("This username is taken.")).to_be_visible()

    # All that is wrong is said at once, above the form, where the focus is.
    page.get_by_role("main").get_by_role("button", name="Join").tap()
    faults = page.get_by_role("group", name="Fix 3 problems to go on")
    expect(faults).to_be_focused()
    faults.get_by_role("link", name="Email").tap()
    expect(page.get_by_label("Email")).to_be_focused()
    page.get_by_label("Email").fill("zoe@example.org")
    username.fill("zoe_o")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Join").tap()
    page.wait_for_url(re.compile("/welcome"))

    # Two taps to anything that is mine.
    page.get_by_role("link", name="Me", exact=True).tap()
    page.get_by_role("main").get_by_role("link", name="Notifications").tap()
    # The tab that one is on is in sight, and an edge says that there are more.
    tabs = page.get_by_role("navigation", name="Settings")
    expect(tabs.get_by_role("link", name="Notifications")).to_be_in_viewport()
    expect(tabs).to_have_attribute("data-after", "")

    people = page.get_by_role("group", name="People")
    people.get_by_role("switch", name="Email").tap()
    people.get_by_text("Choose one by one").tap()
    joins = people.get_by_role("group", name="Someone joins through my invitation")
    expect(joins.get_by_label("Email")).to_have_value("off")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Saved.")).to_be_visible()
    db.session.rollback()
    assert wishes_of(member_id("zoe_o")).pace(JOINED, Channel.EMAIL) is Pace.OFF
    expect(people.get_by_role("switch", name="Email")).not_to_be_checked()
    expect(people.get_by_role("switch", name="Push")).to_be_checked()
    # The form that came back is what a browser calls an error.
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    complaints[:] = [said for said in complaints if "422" not in said]
