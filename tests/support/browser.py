"""The system's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NO_SKIP = "KINMARKET_TEST_NO_SKIP"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Reaching outside fails at once instead of after a time-out.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def find_chromium() -> str | None:
    """The browser to use, `KINMARKET_TEST_BROWSER` first."""
    chosen = os.environ.get("KINMARKET_TEST_BROWSER")
    if chosen:
        return chosen
    if Path("/usr/bin/chromium").exists():
        return "/usr/bin/chromium"
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def skips_forbidden() -> bool:
    return bool(os.environ.get(NO_SKIP))
