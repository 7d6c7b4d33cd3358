"""Times on hover × where the reader is: the zone chosen in the settings, else the browser's, else UTC."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.notifications.preferences.service import choose
from app.notifications.preferences.values import Day
from app.platform.formats import exact
from app.web.frame import ZONE_COOKIE, is_zone
from tests.support.people import MemberFactory

SignedIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.mark.parametrize(
    ("chosen", "browser", "shown"),
    [
        (None, None, "12:00"),
        (None, "Asia/Tokyo", "9:00"),
        ("America/New_York", None, "8:00"),
        ("America/New_York", "Asia/Tokyo", "8:00"),
        (None, "../../etc/passwd", "12:00"),
        (None, "Nowhere/At_All", "12:00"),
        (None, "Asia", "12:00"),
    ],
)
def test_hovers_are_in_the_readers_zone(
    client: FlaskClient,
    member: MemberFactory,
    signed_in: SignedIn,
    fixed_clock: Any,
    chosen: str | None,
    browser: str | None,
    shown: str,
) -> None:
    ana = member("ana")
    draft = ListingDraft(kind="give", title="Kettle", category="kitchen", condition="good", place="Graz")
    listing = publish_listing(ana, draft)
    if chosen:
        choose(ana, {}, Day(timezone=chosen))
    if browser:
        client.set_cookie(ZONE_COOKIE, browser)
    signed_in(client, "ana")
    page = client.get(f"/market/{listing}").text
    titles = re.findall(r"<time datetime=\"2026-06-01T12:00:00\+00:00\" title=\"([^\"]+)\"", page)
    assert titles
    assert all(shown in title for title in titles), titles


def test_two_readers_of_one_moment_do_not_share_a_text(app: Flask) -> None:
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def seen_in(zone: str) -> str:
        with app.test_request_context("/", headers={"Cookie": f"{ZONE_COOKIE}={zone}"}):
            return exact(at)

    # A context of its own for each, as for each request of a server.
    seen = {contextvars.Context().run(seen_in, zone) for zone in ("Asia/Tokyo", "Europe/Vienna", "UTC")}
    assert len(seen) == 3


def test_names_of_zones() -> None:
    assert is_zone("Europe/Vienna")
    assert not any(is_zone(name) for name in ("", "/etc/localtime", "..", "x" * 500, "Europe/\x00"))
