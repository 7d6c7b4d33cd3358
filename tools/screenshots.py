"""Pictures of a running demo community for the README: docs/images/*.webp.

Start `make run`, then: `.venv/bin/python tools/screenshots.py [--port 8000] [NAME ...]`
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

KINMARKET = Path(sys.executable).with_name("kinmarket")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST = 200 * 1024  # bytes of one picture
PHONE = (390, 844)
DESK = (1280, 800)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: who looks at which page, through which window."""

    name: str
    path: str
    follow: str = ""  # a link on that page, followed before the picture is taken
    who: str = "ana"
    size: tuple[int, int] = DESK
    dark: bool = False


SHOTS = (
    Shot("market", "/market"),
    Shot("item", "/items?q=Hario", follow="main a[href^='/items/']:not([href='/items/new'])"),
    Shot("path", "/circle"),
    Shot("feed-phone", "/", size=PHONE),
    Shot("listing-phone", "/market", follow="main a[href^='/market/']:has(img)", size=PHONE),
    Shot("chat-phone", "/messages", follow="main a[href^='/messages/']", size=PHONE, dark=True),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("names", nargs="*", help="all, when none is given")
    given = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        base = f"http://127.0.0.1:{given.port}"
        states = {who: _sign_in(browser, who, given.port) for who in {shot.who for shot in SHOTS}}
        for shot in SHOTS:
            if not given.names or shot.name in given.names:
                with _window(browser, shot, states[shot.who]) as page:
                    _take(page, base, shot)
        browser.close()


def _sign_in(browser: Browser, who: str, port: int) -> object:
    words = [str(KINMARKET), "signin-link", who]
    env = {**os.environ, "PORT": str(port)}
    link = subprocess.run(words, env=env, check=True, capture_output=True, text=True)
    context = browser.new_context()
    page = context.new_page()
    page.goto(link.stdout.strip())
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    state = context.storage_state()
    context.close()
    return state


@contextmanager
def _window(browser: Browser, shot: Shot, state: object) -> Iterator[Page]:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.size == PHONE else 1.5,
        color_scheme="dark" if shot.dark else "light",
        storage_state=state,  # type: ignore[arg-type] # what storage_state() gave
    )
    yield context.new_page()
    context.close()


def _take(page: Page, base: str, shot: Shot) -> None:
    page.goto(base + shot.path)
    if shot.follow:
        page.goto(base + (page.locator(shot.follow).first.get_attribute("href") or ""))
    page.wait_for_timeout(700)  # fonts, pictures and the socket
    picture = Image.open(io.BytesIO(page.screenshot()))
    for quality in (86, 78, 70, 60, 50):
        data = io.BytesIO()
        picture.save(data, "WEBP", quality=quality, method=6)
        if data.tell() <= LARGEST:
            break
    target = IMAGES / f"{shot.name}.webp"
    target.write_bytes(data.getvalue())
    print(f"{target.name}: {page.url.removeprefix(base)} {data.tell() // 1024} KB quality {quality}")


if __name__ == "__main__":
    main()
