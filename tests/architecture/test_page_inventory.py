"""Every page is looked at: a new GET route has an entry in the inventory, or a reason why it is no page."""

from __future__ import annotations

from collections import Counter

from tests.support.access import read_table
from tests.support.page_inventory import NOT_PAGES, all_entries

API = "/api/v1/"
# Answered by no route of their own.
ELSEWHERE = {"/no-such-page", "/api/v1/docs"}


def test_every_get_route_is_a_page_of_the_inventory_or_says_why_not() -> None:
    asked = {route for (method, route) in read_table() if method == "GET" and not route.startswith(API)}
    pages = {entry.route for entry in all_entries()}
    hint = "give it an entry in tests/support/page_inventory.py"
    assert asked - pages - set(NOT_PAGES) == set(), hint
    assert (pages | set(NOT_PAGES)) - asked == ELSEWHERE, "no such route any more"
    assert pages & set(NOT_PAGES) == set()


def test_who_looks_at_a_page_may_see_it() -> None:
    """Else the picture would be of a sign-in form."""
    roles = ("anonymous", "member", "merchant", "moderator", "operator", "owner")
    table = {
        route: dict(zip(roles, row, strict=True)) for (method, route), row in read_table().items() if method == "GET"
    }
    shut = [
        f"{entry.route} as {entry.who}: {table[entry.route][entry.who]}"
        for entry in all_entries()
        if entry.status == 200
        and entry.route in table
        and entry.who in roles
        # Without an id the table has no row of the owner's, who is a merchant.
        and (table[entry.route][entry.who] or table[entry.route]["merchant"]) != "open"
    ]
    assert not shut, "\n".join(shut)


def test_every_picture_has_a_name_of_its_own() -> None:
    names = Counter(entry.name for entry in all_entries())
    assert [name for name, times in names.items() if times > 1] == []
