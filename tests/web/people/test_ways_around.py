"""The page /me, the menu with the same list, and how far away every page is on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.trust.vouches.service import vouch
from tests.support.access import read_table
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]
HREF = re.compile(r'<a [^>]*href="(/[^"#?]*)')
# Only to be seen where there is room.
WIDE = re.compile(
    r'<nav class="topnav".*?</nav>|<details class="menu wide-only".*?</details>|<a [^>]*wide-only[^>]*>', re.DOTALL
)
# No page to go to: what the site's parts and machines ask for, what a mail leads to, what stands before signing in,
# and what is a step of another page.
NO_GOAL = re.compile(
    r"^/(?:api/|session$|once/|healthz|readyz|metrics|manifest|sw\.js|offline|asks/known|items/suggest"
    r"|categories/guess|login|logout"
    r"|register|reset|verify|confirm|unsubscribe|welcome|settings/account/|settings/password|messages/search"
    r"|trust/explain|rooms/new|money/statement|cart/checkout|reviews/how)|\.json$|\.ics$|/export$|/progress$"
)


def links(page: str) -> set[str]:
    return set(HREF.findall(page))


def on_a_phone(page: str) -> set[str]:
    return links(WIDE.sub("", page))


def test_me_holds_what_is_mine_and_the_menu_the_same(
    client: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    member("ana", name="Ana")
    page = signed_in(client, "ana").get("/me").text
    hub = page[page.index("<main") : page.index("</main>")]
    menu = page[page.index('<details class="menu') : page.index("</details>")]
    mine = {"/m/ana", "/market/mine", "/orders", "/cases", "/offers", "/bookings", "/cart", "/money", "/saved",
            "/searches", "/asks", "/items", "/circle", "/people", "/guarantees", "/introductions", "/settings/invite",
            "/settings/profile"}  # fmt: skip
    assert mine <= links(hub)
    assert links(menu) == mine
    # To sign out is the last, and small.
    assert hub.rindex('action="/logout"') > hub.rindex("<a ")
    assert menu.rindex('action="/logout"') > menu.rindex("<a ")
    assert 'action="/logout"' not in client.get("/m/ana").text.split("<main")[1]


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("merchant", {"/store"}),
        ("moderator", {"/moderation"}),
        ("operator", {"/moderation", "/trust/reputation"}),
    ],
)
def test_who_has_an_office_finds_it_there(
    client: FlaskClient, member: MemberFactory, signed_in: SignedIn, role: str, more: set[str]
) -> None:
    member("ana")
    member("olli", role=role)
    offices = {"/store", "/moderation", "/trust/reputation"}
    for handle, found in (("olli", more), ("ana", set[str]())):
        page = signed_in(client, handle).get("/me").text
        assert links(page.split("<main")[1]) & offices == found


def test_a_guest_is_asked_to_sign_in_first_and_can_join_from_a_phone(client: FlaskClient) -> None:
    assert client.get("/me").location == "/login?next=/me"
    assert {"/register", "/login", "/explore", "/market"} <= on_a_phone(client.get("/explore").text)


def test_every_page_is_two_taps_away_on_a_phone(
    app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    vouch(member("ana"), member("bo"), "trust")
    mine = signed_in(client, "ana")
    first = on_a_phone(mine.get("/").text)
    reached = set(first)
    for path in sorted(first):
        answer = mine.get(path)
        if answer.mimetype == "text/html" and "<main" in answer.text:
            reached |= on_a_phone(answer.text)
    pages = {
        route
        for (method, route), access in read_table().items()
        if method == "GET" and access[1] == "open" and "<" not in route and not NO_GOAL.search(route)
    }
    assert pages > {"/me", "/market/mine", "/settings/account", "/rooms"}
    assert pages - reached == set()
