"""Nothing is said in the browser's console: what the fixture of all browser tests hears."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def taken(page: Page) -> list[str]:
    """What was complained about, which is then forgotten."""
    said: list[str] = page.complaints  # type: ignore[attr-defined]
    found = list(said)
    said.clear()
    return found


def test_errors_and_refusals_are_heard_on_every_page_of_the_window(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/login")
    assert taken(page) == []
    page.evaluate("void Promise.reject(new Error('unhandled'))")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.bad = 1'}))")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    with page.context.expect_page() as opened:
        page.evaluate("window.open('/register')")
    opened.value.wait_for_load_state()
    opened.value.evaluate("console.error('from the second page')")
    page.wait_for_function("() => !window.bad")
    said = "\n".join(taken(page))
    for words in ("unhandled", "script-src-elem", "style-src-attr", "/register: from the second page"):
        assert words in said, said


def test_a_list_asked_for_twice_and_left_says_nothing(open_page: OpenPage, member: MemberFactory) -> None:
    """The second question waits for the first; an aborted one would be an error of htmx."""
    member("ana")
    page = open_page("ana", viewport=PHONE)
    held: list[Route] = []
    page.goto("/market")
    page.route("**/market?*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks a function
    for order in ("price", "near"):
        page.evaluate(
            """(order) => {
              const form = document.querySelector("form[hx-get='/market']");
              const sort = form.elements.sort;
              sort.value = [...sort.options].map((one) => one.value).find((one) => one.includes(order)) ?? sort.value;
              sort.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            order,
        )
    page.wait_for_function("() => document.querySelector('.htmx-request')")
    page.goto("/items")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert taken(page) == []
