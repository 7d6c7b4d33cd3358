"""Opening a page of the inventory as a reader sees it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.page_inventory import PageEntry
from tests.support.page_town import PageTown

# Fonts, and pictures further down too.
_SETTLED = """async () => {
    for (const image of document.images) image.loading = "eager";
    const there = (image) => image.complete || new Promise((done) => { image.onload = image.onerror = done; });
    await Promise.all([...document.images].map(there));
    await document.fonts.ready;
}"""
# As a browser without JavaScript, and without its own bubbles, would send it.
_SEND_EMPTY = """() => {
    const forms = [...document.querySelectorAll("main form[method=post i]")];
    forms.find((one) => one.querySelector("input:not([type=hidden]), textarea, select")).submit();
}"""


def visit(page: Page, entry: PageEntry, town: PageTown, base: str = "") -> None:
    """Raises `AssertionError` where the page answers something else than the inventory says."""
    path = town.address(entry)
    answer = page.goto(base + path, wait_until="domcontentloaded")
    assert answer is not None
    assert answer.status == entry.status, f"{entry.name}: {path} answers {answer.status}"
    assert base + path == page.url or page.url.endswith(path), f"{entry.name}: {path} leads on to {page.url}"
    if entry.sent_empty:
        with page.expect_navigation():
            page.evaluate(_SEND_EMPTY)
    page.evaluate(_SETTLED)


def is_expected(entry: PageEntry, complaint: str) -> bool:
    """Whether the console only says what the page is about: that it refuses."""
    return (entry.status != 200 or entry.sent_empty) and "status of 4" in complaint


def width_beyond(page: Page) -> int:
    """How far the page can be pushed sideways, in pixels."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
