"""Listings over JSON, as the contract names them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.people.accounts.service import issue_token
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

Call = Callable[..., Any]
LAMP = {"kind": "sale", "title": "Lamp", "condition": "good", "price": "18.50", "currency": "EUR", "place": "Lund"}


@pytest.fixture
def call(app: Flask, client: FlaskClient, member: MemberFactory) -> Call:
    """`call("ana", "get", "/listings")`; Ana trusts Bo."""
    ids = {name: member(name) for name in ("ana", "bo", "dan")}
    vouch(ids["ana"], ids["bo"], "trust")
    tokens = {name: issue_token(ident) for name, ident in ids.items()}

    def send(who: str, method: str, path: str, **more: Any) -> Any:
        heads = {"Authorization": f"Bearer {tokens[who]}"}
        return getattr(client, method)(f"/api/v1{path}", headers=heads, **more)

    return send


def test_a_listing_lives_and_ends(call: Call) -> None:
    made = call("bo", "post", "/listings", json=LAMP)
    assert made.status_code == 201
    one = made.json
    assert (one["price"], one["price_minor"], one["currency"]) == ("18.50", 1850, "EUR")
    assert one["seller"] == "bo"
    assert made.headers["Location"] == f"/api/v1/listings/{one['id']}"

    seen = call("ana", "get", f"/listings/{one['id']}").json
    assert (seen["distance"], seen["path"]) == (1, ["ana", "bo"])

    changed = call("bo", "patch", f"/listings/{one['id']}", json={"price": 12, "description": "**Bright**"})
    assert changed.status_code == 200
    assert (changed.json["price"], changed.json["title"]) == ("12.00", "Lamp")
    given = call("bo", "patch", f"/listings/{one['id']}", json={"kind": "give"})
    assert (given.json["kind"], given.json["price"]) == ("give", None)

    sold = call("bo", "patch", f"/listings/{one['id']}", json={"status": "sold"})
    assert sold.json["status"] == "sold"
    assert call("ana", "get", "/listings").json["items"] == []
    assert call("bo", "delete", f"/listings/{one['id']}").status_code == 204
    assert call("ana", "get", f"/listings/{one['id']}").status_code == 404


def test_the_list_is_filtered_and_paged(call: Call) -> None:
    for n in range(3):
        call("bo", "post", "/listings", json={**LAMP, "title": f"Lamp {n}"})
    call("dan", "post", "/listings", json={**LAMP, "title": "Lamp of a stranger", "price": 99})
    first = call("ana", "get", "/listings?q=lamp&limit=3").json
    assert [one["title"] for one in first["items"]] == ["Lamp of a stranger", "Lamp 2", "Lamp 1"]
    assert first["items"][0]["distance"] is None
    rest = call("ana", "get", f"/listings?q=lamp&limit=3&cursor={first['next']}").json
    assert [one["title"] for one in rest["items"]] == ["Lamp 0"]
    assert rest["next"] is None
    near = call("ana", "get", "/listings?max_distance_hops=1").json
    assert len(near["items"]) == 3
    assert near["filtered_out"] == 1
    cheap = call("ana", "get", "/listings?max_price=50&near=lund&category=other&kind=sale&sort=price").json
    assert len(cheap["items"]) == 3


def test_photos_are_added_as_files(call: Call) -> None:
    listing = call("bo", "post", "/listings", json=LAMP).json["id"]
    out = BytesIO()
    Image.new("RGB", (50, 60), "teal").save(out, "WEBP")
    sent = {"photos": [(BytesIO(out.getvalue()), "a.webp"), (BytesIO(out.getvalue()), "b.webp")]}
    answer = call("bo", "post", f"/listings/{listing}/photos", data=sent)
    assert answer.status_code == 201, answer.text
    assert len(answer.json["photos"]) == 2
    assert answer.json["photos"][0]["card"].startswith("/media/")
    strange = call("ana", "post", f"/listings/{listing}/photos", data={"photo": (BytesIO(out.getvalue()), "a.webp")})
    assert strange.status_code == 403
    assert call("bo", "post", f"/listings/{listing}/photos").json["code"] == "photo_missing"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_kind"),
        ({**LAMP, "kind": "auction"}, "kind_not_open"),
        ({**LAMP, "price": None}, "price_missing"),
        ({**LAMP, "price": "a lot"}, "bad_price"),
        ({**LAMP, "price": True}, "bad_price"),
        ({**LAMP, "price": [1]}, "bad_price"),
        ({**LAMP, "price": 1e300}, "bad_price"),
        ({**LAMP, "title": 7}, "bad_field"),
        ({**LAMP, "title": "x" * 200}, "too_long"),
        ([], "bad_json"),
    ],
)
def test_what_is_wrong_is_said_with_a_code(call: Call, body: object, code: str) -> None:
    answer = call("bo", "post", "/listings", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == code


@pytest.mark.parametrize(
    "query", ["max_distance_hops=9", "sort=best", "kind=loan", "max_price=x", "limit=0", "cursor=%%%"]
)
def test_a_program_hears_about_odd_filters(call: Call, query: str) -> None:
    assert call("ana", "get", f"/listings?{query}").status_code == 422


def test_no_token_no_answer(client: FlaskClient, call: Call) -> None:
    assert client.get("/api/v1/listings").status_code == 401
    assert client.post("/api/v1/listings", json=LAMP).status_code == 401
