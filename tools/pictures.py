"""`make pictures`: every page of the inventory at 390 and 1280 px, in light and dark, with contact sheets.

They land in test-results/pictures, a folder of single pictures beside the sheets. A page that answers something
else than it should, complains in the console or is wider than its window is named at the end.
`ARGS="chat market"` takes these sheets alone.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Error, Page, sync_playwright

from app import create_app
from app.platform.database import db
from tests.support.browser import FLAGS, find_chromium
from tests.support.browser_fixtures import DESKTOP, PHONE, session_cookie
from tests.support.databases import fresh_database, settings_for
from tests.support.live import LiveServer, start_server, zygote
from tests.support.page_inventory import GUEST, PAGES, PageEntry
from tests.support.page_town import PageTown, build_demo_town
from tests.support.page_visits import is_expected, visit, width_beyond
from tests.support.servers import close_run_directory, open_run_directory

TARGET = Path(__file__).resolve().parent.parent / "test-results" / "pictures"
THEMES = ("light", "dark")
MARGIN, CAPTION = 12, 22


@dataclass(frozen=True, slots=True)
class Window:
    """A contact sheet has six pages in `columns`, each `wide` pixels and showing the page's first `tall` pixels."""

    name: str
    size: Any
    columns: int
    wide: int
    tall: int


WINDOWS = (Window("390", PHONE, 6, 256, 1800), Window("1280", DESKTOP, 3, 512, 1500))
ON_A_SHEET = 6  # more could not be read


class Photographer:
    """Goes from page to page, and keeps what is odd about them."""

    def __init__(self, app: Flask, browser: Browser, server: LiveServer, town: PageTown) -> None:
        self.app, self.browser, self.server, self.town = app, browser, server, town
        self.faults: list[str] = []

    def take(self, entry: PageEntry, window: Window) -> None:
        """Open the page once; the theme changes under it, as it does at dusk."""
        with self._page_of(entry.who, window) as page:
            self._visit(page, entry, window)
            for theme in THEMES:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
                target = TARGET / "pages" / f"{entry.name}-{window.name}-{theme}.png"
                page.screenshot(path=target, full_page=True, animations="disabled")

    def _visit(self, page: Page, entry: PageEntry, window: Window) -> None:
        name = f"{entry.name} at {window.name}"
        page.on("pageerror", lambda error: self.faults.append(f"{name}: {error}"))
        page.on("console", lambda said: self._heard(name, entry, said.type, said.text))
        try:
            visit(page, entry, self.town, self.server.url)
        except (AssertionError, Error) as fault:
            self.faults.append(f"{name}: {fault}")
        if (wider := width_beyond(page)) > 0:
            self.faults.append(f"{name}: {wider} px wider than its window")

    def _heard(self, name: str, entry: PageEntry, kind: str, text: str) -> None:
        if kind == "error" and not is_expected(entry, text):
            self.faults.append(f"{name}: {text}")

    @contextmanager
    def _page_of(self, who: str, window: Window) -> Iterator[Page]:
        context = self.browser.new_context(viewport=window.size, locale="en-GB", has_touch=window.size == PHONE)
        if who != GUEST:
            context.add_cookies([session_cookie(self.app, self.server, self.town.handle(who))])
        yield context.new_page()
        context.close()


def draw_sheets(group: str, window: Window, theme: str) -> None:
    entries = PAGES[group]
    for number, at in enumerate(range(0, len(entries), ON_A_SHEET), 1):
        sheet = _draw_sheet(entries[at : at + ON_A_SHEET], window, theme)
        sheet.save(TARGET / f"{window.name}-{theme}-{group}-{number}.png")


def _draw_sheet(entries: Sequence[PageEntry], window: Window, theme: str) -> Image.Image:
    """The pages side by side, each under its name."""
    tiles = [_tile(TARGET / "pages" / f"{entry.name}-{window.name}-{theme}.png", window) for entry in entries]
    rows = [tiles[at : at + window.columns] for at in range(0, len(tiles), window.columns)]
    heights = [max(tile.height for tile in row) + CAPTION + MARGIN for row in rows]
    width = MARGIN + min(len(tiles), window.columns) * (window.wide + MARGIN)
    sheet = Image.new("RGB", (width, MARGIN + sum(heights)), "#888")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    names = iter(entry.name for entry in entries)
    for number, row in enumerate(rows):
        top = MARGIN + sum(heights[:number])
        for column, tile in enumerate(row):
            left = MARGIN + column * (window.wide + MARGIN)
            pen.text((left, top), next(names)[: window.wide // 9], "white", font)
            sheet.paste(tile, (left, top + CAPTION))
    return sheet


def _tile(path: Path, window: Window) -> Image.Image:
    with Image.open(path) as picture:
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, window.tall)))
    return shown.resize((window.wide, round(shown.height * window.wide / shown.width)), Image.Resampling.LANCZOS)


def take_all(groups: Mapping[str, Sequence[PageEntry]]) -> list[str]:
    """Build the town, take its pictures; answers what is wrong with them."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("No browser on this machine: install chromium, or name one in KINMARKET_TEST_BROWSER.")
    (TARGET / "pages").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, fresh_database("sqlite", Path(name)) as address:
        app = create_app(settings_for(address, Path(name) / "data"))
        with app.app_context():
            print("making the community", flush=True)
            town = build_demo_town(app)
            db.session.remove()
        with start_server(address, Path(name) / "data") as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
            photographer = Photographer(app, browser, server, town)
            for group, entries in groups.items():
                # The narrow one and the wide one together: the feed remembers where one was last.
                for entry, window in product(entries, WINDOWS):
                    photographer.take(entry, window)
                for window, theme in product(WINDOWS, THEMES):
                    draw_sheets(group, window, theme)
                print(f"  {group}: {len(entries)} pages", flush=True)
            browser.close()
    return photographer.faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[*PAGES, []], help="all, when none is given")
    chosen = parser.parse_args().groups or list(PAGES)
    open_run_directory()
    try:
        faults = take_all({group: PAGES[group] for group in chosen})
    finally:
        zygote.end()
        close_run_directory()
    print(f"contact sheets: {TARGET}")
    print("\n".join(re.sub(r"\s+", " ", fault) for fault in faults))


if __name__ == "__main__":
    main()
