"""Web vitals on a throttled phone: `python -m tests.bench.vitals_bench [--rounds 5]`.

Feed, market, listing and chat of the demo community in Chromium, with an empty cache, a CPU four times slower and
the slow 4G that Lighthouse throttles to in the browser: 1.47 Mbit/s and 562 ms for every request, which stands for
a round trip of 150 ms with the handshakes. The browser's own performance timeline is read: largest contentful paint
(LCP), cumulative layout shift (CLS, also while one taps about), interaction to next paint (INP, the worst of the
taps and keys below); the median of the rounds. JavaScript is counted as gzip makes it, by what the page loads.
"""

from __future__ import annotations

import argparse
import gzip
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright

from app import create_app
from app.platform.database import db
from tests.support.browser import FLAGS, find_chromium
from tests.support.browser_fixtures import PHONE, session_cookie
from tests.support.databases import fresh_database, settings_for
from tests.support.live import LiveServer, start_server, zygote
from tests.support.page_inventory import MEMBER, PageEntry
from tests.support.page_town import PageTown, build_demo_town
from tests.support.servers import close_run_directory, open_run_directory

CPU_SLOWER = 4
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 1474.56 * 128, "uploadThroughput": 675 * 128}
TAP = 30_000  # milliseconds: on a busy machine nobody gives up
LCP_MARK, CLS_MARK, INP_MARK, JS_MARK = 2000, 0.05, 150, 60
OBSERVE = """
window.vitals = {lcp: 0, element: "", shift: 0, worst: 0, slowest: ""};
const watch = (type, see, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({type, buffered: true, ...more});
watch("largest-contentful-paint", (entry) => {
    vitals.lcp = entry.startTime;
    vitals.element = entry.element ? `${entry.element.tagName.toLowerCase()}.${entry.element.className}` : "";
});
// The worst window of shifts: at most five seconds, with no second of rest in it.
let first = 0, last = 0, sum = 0;
watch("layout-shift", (entry) => {
    if (entry.hadRecentInput) return;
    sum = entry.startTime - last < 1000 && entry.startTime - first < 5000 ? sum + entry.value : entry.value;
    if (sum === entry.value) first = entry.startTime;
    last = entry.startTime;
    vitals.shift = Math.max(vitals.shift, sum);
});
watch("event", (entry) => {
    if (!entry.interactionId || entry.duration <= vitals.worst) return;
    vitals.worst = entry.duration;
    vitals.slowest = entry.name;
}, {durationThreshold: 16});
"""


@dataclass(frozen=True, slots=True)
class Vitals:
    """Milliseconds, a share of the window, milliseconds, kilobytes; which element and event were the last and worst."""

    page: str
    lcp: float
    cls: float
    inp: float
    script_kb: float
    all_kb: float
    element: str = ""
    slowest: str = ""

    def misses(self) -> list[str]:
        marks = {"LCP": self.lcp <= LCP_MARK, "CLS": self.cls <= CLS_MARK, "INP": self.inp <= INP_MARK}
        if self.page != "chat":
            marks["JS"] = self.script_kb <= JS_MARK
        return [name for name, kept in marks.items() if not kept]


def tap_about(page: Page) -> None:
    """Open what opens in the page's upper part, and close it again."""
    for opener in page.locator("main summary:visible, main [popovertarget]:visible").all()[:2]:
        opener.tap(timeout=TAP)
        page.wait_for_timeout(300)
        opener.tap(timeout=TAP, force=True)
        page.wait_for_timeout(300)


def look_for(page: Page) -> None:
    page.locator("main input[name=q]:visible").first.type("lamp", delay=60)
    tap_about(page)


def say_something(page: Page) -> None:
    field = page.locator("main form textarea:visible").first
    field.type("Tomorrow at six?", delay=40)
    field.press("Enter")
    page.wait_for_timeout(800)


PAGES: dict[str, tuple[PageEntry, Callable[[Page], None]]] = {
    "feed": (PageEntry("/"), tap_about),
    "market": (PageEntry("/market"), look_for),
    "listing": (PageEntry("/market/<listing_id>"), tap_about),
    "chat": (PageEntry("/messages/<conversation_id>"), say_something),
}


@contextmanager
def slow_phone(browser: Browser, cookie: Any) -> Iterator[Page]:
    """A phone that has never been here."""
    context = browser.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, service_workers="block"
    )
    context.add_cookies([cookie])
    context.add_init_script(OBSERVE)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_4G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    yield page
    context.close()


def measure(page: Page, name: str, address: str) -> Vitals:
    """One cold visit, then some taps."""
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    loaded = page.evaluate("({...vitals})")
    bodies = [(answer.request.resource_type, answer.body()) for answer in answers if answer.status == 200]
    PAGES[name][1](page)
    # Events are told of in the frame after.
    page.wait_for_timeout(500)
    tapped = page.evaluate("({...vitals})")
    scripts = sum(len(gzip.compress(body)) for kind, body in bodies if kind == "script")
    everything = sum(len(body) if kind == "image" else len(gzip.compress(body)) for kind, body in bodies)
    return Vitals(
        name,
        loaded["lcp"],
        tapped["shift"],
        tapped["worst"],
        scripts / 1000,
        everything / 1000,
        loaded["element"],
        tapped["slowest"],
    )


def middle(rounds: list[Vitals]) -> Vitals:
    first = rounds[0]
    return Vitals(
        first.page,
        median(one.lcp for one in rounds),
        median(one.cls for one in rounds),
        median(one.inp for one in rounds),
        first.script_kb,
        first.all_kb,
        first.element,
        max(rounds, key=lambda one: one.inp).slowest,
    )


def measure_all(rounds: int) -> list[Vitals]:
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("no browser on this machine")
    with tempfile.TemporaryDirectory() as name, fresh_database("sqlite", Path(name)) as address:
        app = create_app(settings_for(address, Path(name) / "data"))
        with app.app_context():
            town = build_demo_town(app)
            db.session.remove()
        with start_server(address, Path(name) / "data") as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
            cookie = session_cookie(app, server, town.handle(MEMBER))
            found = [_page(browser, cookie, server, town, page, rounds) for page in PAGES]
            browser.close()
    return found


def _page(browser: Browser, cookie: Any, server: LiveServer, town: PageTown, name: str, rounds: int) -> Vitals:
    seen = []
    for _round in range(rounds):
        with slow_phone(browser, cookie) as page:
            seen.append(measure(page, name, server.url + town.address(PAGES[name][0])))
    return middle(seen)


def table(found: list[Vitals]) -> str:
    """In Markdown."""
    marks = f"LCP ms (≤ {LCP_MARK}) | of | CLS (≤ {CLS_MARK}) | INP ms (≤ {INP_MARK}) | JS KB (≤ {JS_MARK})"
    lines = [f"| page | {marks} | all KB | misses |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| {one.page} | {one.lcp:.0f} | {one.element} | {one.cls:.3f} | {one.inp:.0f} {one.slowest} "
        f"| {one.script_kb:.1f} | {one.all_kb:.0f} | {', '.join(one.misses())} |"
        for one in found
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    open_run_directory()
    try:
        print(table(measure_all(given.rounds)))  # noqa: T201 - a bench says what it measured
        print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # noqa: T201
    finally:
        zygote.end()
        close_run_directory()


if __name__ == "__main__":
    main()
