"""Pinning by pages and by API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.people.accounts.service import issue_token
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def lamp(app: Flask, member: MemberFactory) -> str:
    """Bo offers a lamp and, later, a chair."""
    app.config["WTF_CSRF_ENABLED"] = False
    bo = member("bo")
    ids = [
        publish_listing(bo, ListingDraft(kind="give", title=title, category="home", condition="good"))
        for title in ("Lamp", "Chair")
    ]
    return ids[0]


def test_a_pinned_listing_stands_above_the_others(lamp: str, client: FlaskClient, signed_in: SignedIn) -> None:
    mine = signed_in(client, "bo")
    assert "Pinned" not in client.get("/m/bo").text
    sent = mine.post(f"/market/{lamp}/pin", data={"keep": "1"})
    assert (sent.status_code, sent.location) == (303, "/market/mine")
    listed = mine.get("/market/mine").text
    assert listed.count('aria-pressed="true"') == 1
    assert "Pinned to your profile." in listed
    page = client.get("/m/bo").text
    above, market = page.split('id="offers"')
    assert "Pinned" in above
    assert "Lamp" in above
    assert "Lamp" not in market
    assert "Chair" in market
    mine.post(f"/market/{lamp}/pin", data={"keep": "0"})
    assert "Pinned" not in client.get("/m/bo").text


def test_the_only_listing_leaves_no_empty_state_behind(lamp: str, client: FlaskClient, signed_in: SignedIn) -> None:
    mine = signed_in(client, "bo")
    for listing in mine.get("/market/mine").text.split("/market/")[1:]:
        ident = listing.split("/")[0].split('"')[0]
        if len(ident) == len(lamp) and ident != lamp:
            mine.post(f"/market/{ident}/sold")
            mine.post(f"/market/{ident}/remove")
    mine.post(f"/market/{lamp}/pin", data={"keep": "1"})
    assert "No listings yet" not in mine.get("/m/bo").text


def test_pins_over_json(app: Flask, lamp: str, client: FlaskClient, member: MemberFactory) -> None:
    tokens = {"bo": issue_token(1), "ana": issue_token(member("ana"))}

    def call(who: str, method: str, path: str) -> tuple[int, object]:
        answer = client.open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {tokens[who]}"})
        return answer.status_code, answer.json if answer.data else None

    assert call("bo", "GET", "/me/pin") == (200, {"listing_id": None})
    assert call("bo", "PUT", f"/listings/{lamp}/pin") == (204, None)
    assert call("bo", "GET", "/me/pin") == (200, {"listing_id": lamp})
    assert call("ana", "PUT", f"/listings/{lamp}/pin")[0] == 403
    assert call("ana", "DELETE", f"/listings/{lamp}/pin") == (204, None)
    assert call("bo", "DELETE", f"/listings/{lamp}/pin") == (204, None)
    assert call("bo", "DELETE", f"/listings/{lamp}/pin") == (204, None)
    assert call("bo", "GET", "/me/pin") == (200, {"listing_id": None})
