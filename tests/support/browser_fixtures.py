"""Browsers for tests: `browser` is shared, each `new_page()` is a person of its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.support.browser import FLAGS, find_chromium
from tests.support.live import LiveServer
from tests.support.people import sign_in

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

OpenPage = Callable[..., Page]
# Chromium says what its policy has refused in the console too, but not for everything that a worker asks for.
HEAR_REFUSALS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`));"""
_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know whether their test has failed."""
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; where there is none, one loud line and a skip."""
    chromium = find_chromium()
    if chromium is None:
        message = "NO BROWSER ON THIS MACHINE: browser tests are skipped (install chromium)"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, app: Flask, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[OpenPage]:
    """`open_page("ana")`: a page of a new browser profile, signed in as ana; `open_page()` is a stranger.

    Keyword arguments: `viewport`, `dark`, and what Playwright's `new_context` takes. What the
    console complains about, and what the content policy refuses, fails the test, unless it has emptied
    `page.complaints`.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(handle: str | None = None, *, dark: bool = False, **options: object) -> Page:
        options.setdefault("viewport", DESKTOP)
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if handle is not None:
            context.add_cookies([session_cookie(app, live_server, handle)])
        # Of every page in the window, also those that the page itself opens.
        context.add_init_script(HEAR_REFUSALS)
        context.on("weberror", lambda found: complaints.append(f"{_address(found.page)}: {found.error}"))
        context.on(
            "console",
            lambda said: complaints.append(f"{_address(said.page)}: {said.text}") if said.type == "error" else None,
        )
        page = context.new_page()
        page.complaints = complaints  # type: ignore[attr-defined]
        return page

    yield make
    for number, context in enumerate(contexts):
        # Made and never looked at, it would be seconds of each test.
        for page in context.pages if request.node.stash.get(_failed, False) else ():
            page.screenshot(path=tmp_path / f"page-{number}.png", full_page=True)
        context.close()
    assert not complaints, "\n".join(complaints)


def _address(page: Page | None) -> str:
    return page.url if page else "a page that has gone"


def session_cookie(app: Flask, server: LiveServer, handle: str) -> Any:
    """The cookie that the server gives out after a sign-in: both know the same secret key."""
    client = app.test_client()
    sign_in(app, client, handle)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": server.url, "httpOnly": True, "sameSite": "Lax"}
