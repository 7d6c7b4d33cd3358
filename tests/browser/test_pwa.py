"""The site as an app: away from the network, alerted, and live."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.platform.database import db
from app.trust.vouches.service import vouch
from tests.support.live import LiveServer
from tests.support.people import MemberFactory

pytestmark = pytest.mark.browser

CONTROLLED = "() => navigator.serviceWorker.controller !== null"
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
  }
  return kept;
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map((one) => [one.title, one.body, one.tag, one.data.url])"""


def deliver(page: Page, told: object) -> None:
    """A push, as the browser's service would hand it over."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    origin = page.evaluate("location.origin")
    message = {"origin": origin, "registrationId": found[0], "data": json.dumps(told)}
    tools.send("ServiceWorker.deliverPushMessage", message)


def shown(page: Page) -> object:
    """The alerts, as soon as there is one; a promise in `wait_for_function` would be true at once."""
    for _turn in range(200):
        found = page.evaluate(SHOWN)
        if found:
            return found
        page.wait_for_timeout(50)
    return []


def test_away_from_the_network(open_page: Callable[..., Page], member: MemberFactory, live_server: LiveServer) -> None:
    member("ana")
    page = open_page("ana", permissions=["notifications"])
    page.goto("/settings/notifications")
    page.wait_for_function(CONTROLLED)
    page.get_by_role("button", name="Turn on push").wait_for()
    # Files of ours and one page that is nobody's: nothing of a member.
    kept = page.evaluate(KEPT)
    assert "/offline" in kept
    assert all(path.startswith("/static/") for path in kept if path != "/offline")

    deliver(page, {"title": "Bo wrote to you", "body": "1 step", "tag": "t1", "url": "/messages/c1"})
    assert shown(page) == [["Bo wrote to you", "1 step", "t1", "/messages/c1"]]

    live_server.process.kill()
    live_server.process.wait(10)
    page.goto("/market", wait_until="domcontentloaded")
    page.get_by_role("heading", name="No connection").wait_for()
    assert "data-viewer" not in page.content()
    assert page.get_by_role("link", name="Try again").is_visible()
    page.complaints.clear()  # type: ignore[attr-defined] # the browser says that the server is away


def test_the_inbox_is_live_and_read_where_its_thing_is(open_page: Callable[..., Page], member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    page = open_page("bo")
    page.goto("/notifications")
    page.get_by_text("Nothing new yet").wait_for()
    badge = page.locator('[data-badge="notifications"]').first
    vouch(ana, bo, "trust")
    db.session.remove()
    page.get_by_role("link", name="Ana vouches for you").wait_for()
    page.wait_for_function("() => document.querySelector('[data-badge=notifications]').textContent === '1'")
    page.get_by_role("link", name="Ana vouches for you").click()
    page.wait_for_url("**/m/ana")
    badge.wait_for(state="hidden")
