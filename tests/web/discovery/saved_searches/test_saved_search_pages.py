"""Keeping a search from the search page, changing and forgetting it; the same over JSON."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.people.accounts.service import issue_token
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def ana(app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignIn) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana")
    member("bo")
    return signed_in(client, "ana")


def test_from_the_search_to_the_find(ana: FlaskClient) -> None:
    assert "No saved searches yet" in ana.get("/searches").text
    assert "Save this search" in ana.get("/search?q=lamp&near=Lund").text
    assert ana.post("/searches", data={"q": "lamp", "near": "Lund", "kind": "listing"}).location == "/searches"
    page = ana.get("/searches").text
    assert "near Lund" in page
    saved = page.split('href="/searches/')[1].split('"')[0]
    listing = publish_listing(2, ListingDraft(kind="give", title="Desk lamp", condition="good", place="Lund"))
    run_reactions()
    with statements() as sent:
        found = ana.get(f"/searches/{saved}").text
    assert f"/market/{listing}" in found
    assert len(sent) <= 10, "\n".join(sent)
    assert "Desk lamp" in ana.get("/notifications").text
    ana.post(f"/searches/{saved}/cadence", data={"cadence": "weekly"})
    assert '<option value="weekly" selected>' in ana.get("/searches").text
    assert ana.post(f"/searches/{saved}/cadence", data={"cadence": "hourly"}).status_code == 422
    ana.post(f"/searches/{saved}/remove")
    assert ana.get(f"/searches/{saved}").status_code == 404


@pytest.mark.parametrize("data", [{}, {"q": "\u202e"}, {"q": "lamp", "kind": "member"}, {"q": "☂☂☂"}])
def test_what_asks_for_nothing_is_refused(ana: FlaskClient, data: dict[str, str]) -> None:
    assert ana.post("/searches", data=data).status_code == 422


def test_over_json(ana: FlaskClient, app: Flask) -> None:
    client = app.test_client()
    headers = {"Authorization": f"Bearer {issue_token(1)}"}
    wanted = {"q": "lamp", "max_price": 30, "alerts": "daily"}
    made = client.post("/api/v1/saved-searches", json=wanted, headers=headers)
    assert made.status_code == 201
    one = made.json["id"]
    assert made.json["filters"] == {"currency": "EUR", "max_price": "30"}
    changed = client.patch(f"/api/v1/saved-searches/{one}", json={"alerts": "off"}, headers=headers)
    assert changed.json["alerts"] == "off"
    assert len(client.get("/api/v1/saved-searches", headers=headers).json["items"]) == 1
    bad = ({"q": "x", "alerts": "never"}, {"q": "lamp", "category": "zoo"}, {"q": "lamp", "max_price": "NaN"}, {})
    for wrong in bad:
        assert client.post("/api/v1/saved-searches", json=wrong, headers=headers).status_code == 422
    assert client.delete(f"/api/v1/saved-searches/{one}", headers=headers).status_code == 204
    assert client.delete(f"/api/v1/saved-searches/{one}", headers=headers).status_code == 404
    run_reactions()
    found = client.get("/api/v1/search?q=bo", headers=headers).json
    assert [row["id"] for row in found["items"]] == ["bo"]
    assert client.get("/api/v1/search?q=bo&distance=9", headers=headers).status_code == 422
