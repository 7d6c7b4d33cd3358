"""What a conversation about a listing says of it while it is offered, and after it is sold or gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.market.listings.service import (
    mark_sold,
    publish_listing,
    remove,
    remove_listing,
)
from app.market.listings.values import ListingDraft
from app.messaging.conversations import service
from app.people.accounts.service import issue_token, suspend
from app.people.blocks.service import block
from app.platform.event_log import run_reactions
from app.platform.subjects import Ruling
from tests.support.people import MemberFactory

SignedIn = Callable[[FlaskClient, str], FlaskClient]
GONE = "This listing no longer exists."
TITLE = "Blue enamel pot"

# What became of it, and who of the two reads its title in their conversation; the other reads that it is gone.
BECAME: dict[str, set[str]] = {
    "offered": {"seller", "buyer"},
    "sold": {"seller", "buyer"},
    "removed": set(),
    "removed by a moderator": set(),
    "sold, then removed": set(),
    "sold, then blocked": {"seller"},
    "seller suspended": {"seller"},
}


def happen(what: str, seller: int, buyer: int, moderator: int, listing: str) -> None:
    if what.startswith("sold"):
        mark_sold(seller, listing)
    if what in {"removed", "sold, then removed"}:
        remove_listing(seller, listing)
    elif what == "removed by a moderator":
        remove(listing, Ruling(moderator_id=1))
    elif what == "sold, then blocked":
        block(buyer, seller)
    elif what == "seller suspended":
        suspend(moderator, seller)


@pytest.mark.databases("sqlite")
def test_page_list_and_api_agree_on_what_became_of_it(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    moderator = member("mo", role="moderator")
    wrong = []
    for number, (what, readers) in enumerate(BECAME.items()):
        seller, buyer = member(f"seller{number}"), member(f"buyer{number}")
        draft = ListingDraft(kind="give", title=TITLE, category="home", condition="good")
        listing = publish_listing(seller, draft)
        ident, _ = service.start_conversation(buyer, [seller], listing, seller_id=seller)
        service.send_message(buyer, ident, "x", "Is it still there?")
        tokens = {"seller": issue_token(seller), "buyer": issue_token(buyer)}
        happen(what, seller, buyer, moderator, listing)
        run_reactions()
        for role, token in tokens.items():
            if what == "seller suspended" and role == "seller":
                continue  # who is suspended is not let in
            browser = signed_in(app.test_client(), f"{role}{number}")
            page, overview = browser.get(f"/messages/{ident}"), browser.get("/messages")
            api = app.test_client().get("/api/v1/conversations", headers={"Authorization": f"Bearer {token}"})
            reads = role in readers
            sold = reads and what.startswith("sold")
            seen = {
                "page": page.status_code == 200 and TITLE in page.text,
                "not gone": page.status_code == 200 and GONE not in page.text,
                "sold": '<span class="pill">Sold</span>' in page.text,
                "list": overview.status_code == 200 and TITLE in overview.text,
                "api": [one["listing"] for one in api.json["items"]] == [listing],
            }
            due = {"page": reads, "not gone": reads, "sold": sold, "list": reads, "api": True}
            if seen != due:
                wrong.append((what, role, seen))
    assert wrong == []
