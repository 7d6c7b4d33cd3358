"""Is it one of these? And: are these two the same? With plain forms, and over JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.community.item_merges.service import confirm_merge, propose_merge
from app.community.items.queries import get_item
from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.people.accounts.service import issue_token
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignIn = Callable[[FlaskClient, str], FlaskClient]
GTIN = "4006381333931"


@pytest.fixture
def people(app: Flask, member: MemberFactory) -> dict[str, int]:
    app.config["WTF_CSRF_ENABLED"] = False
    ids = {one: member(one) for one in ("ana", "bo")} | {"mo": member("mo", role="moderator")}
    vouch(ids["ana"], ids["bo"], "trust")
    return ids


def _photo() -> BytesIO:
    picture = BytesIO()
    Image.new("RGB", (64, 64), "#c4552d").save(picture, "PNG")
    picture.seek(0)
    return picture


def test_is_it_one_of_these_loses_nothing(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    there = add_item(people["bo"], kind="product", title="Hario V60 dripper")
    recommend(people["bo"], there, "recommend")
    ana = signed_in(app.test_client(), "ana")
    form = {"title": "hario v60", "kind": "place", "category": "Kit<chen", "description": "A cone", "maker": "Hario"}
    step = ana.post("/items/new", data={**form, "photo": (_photo(), "v60.png")}, content_type="multipart/form-data")
    assert step.status_code == 200
    for words in ("Is it one of these?", "Hario V60 dripper", "1 person you trust recommends it", "Kit&lt;chen"):
        assert words in step.text
    assert re.search(r'<option selected value="place">', step.text)
    assert "A cone</textarea>" in step.text
    kept = re.search(r'name="photo_id"[^>]*value="(\w{26})"', step.text)
    assert kept
    added = ana.post("/items/new", data={**form, "photo_id": kept[1], "confirmed": "1"})
    assert added.status_code == 302
    item = get_item(added.location.split("/")[2].split("#")[0])
    assert (item.title, item.maker, item.photo_id, item.kind) == ("hario v60", "Hario", kept[1], "place")


def test_the_same_number_cannot_be_added_even_so(app: Flask, people: dict[str, int], signed_in: SignIn) -> None:
    add_item(people["bo"], kind="product", title="Pen", gtin=GTIN, url="https://pens.example/1")
    ana = signed_in(app.test_client(), "ana")
    again = ana.post("/items/new", data={"title": "Stylo", "kind": "product", "gtin": GTIN, "confirmed": "1"})
    assert again.status_code == 409
    assert "Same barcode" in again.text
    for field, value, words in (
        ("gtin", "123", "This isn’t a valid barcode number"),
        ("url", "nowhere", "This isn’t a valid web address"),
    ):
        bad = ana.post("/items/new", data={"title": "Stylo", "kind": "product", field: value})
        assert bad.status_code == 422
        assert words in bad.text
        assert f'value="{value}"' in bad.text
    typing = ana.get("/items/suggest?title=Stylo&url=http://www.pens.example/1/?utm_source=x").text
    assert "Same website" in typing
    assert "<html" not in typing


def test_a_member_proposes_and_a_moderator_makes_them_one(
    app: Flask, people: dict[str, int], signed_in: SignIn
) -> None:
    one, two = (add_item(people["bo"], kind="product", title=title) for title in ("Kettle", "Kettle, iron"))
    recommend(people["bo"], two, "recommend", text="Heavy")
    ana, mo = signed_in(app.test_client(), "ana"), signed_in(app.test_client(), "mo")
    assert f"/items/{one}/double" in ana.get(f"/items/{one}").text
    form = ana.get(f"/items/{one}/double").text
    assert f'value="{two}"' in form
    missing = ana.post(f"/items/{one}/double", data={"why": "I have <both>"})
    assert missing.status_code == 422
    assert "I have &lt;both&gt;</textarea>" in missing.text
    assert ana.post(f"/items/{one}/double", data={"address": f"/items/{one}/?x=1"}).status_code == 422
    assert ana.post(f"/items/{one}/double", data={"address": "https://x/items/nothing"}).status_code == 422
    sent = ana.post(f"/items/{one}/double", data={"item": two, "stays": "this", "why": "I have <both>"})
    assert sent.location == f"/items/{one}"

    assert ana.get("/moderation/merges").status_code == 403
    page = mo.get("/moderation/merges").text
    assert "I have &lt;both&gt;" in page
    assert re.search(r'class="badge">1<', page)
    action = re.search(r"/moderation/merges/\w{26}", page)
    assert action
    assert mo.post(action[0], data={"decision": "apart"}).status_code == 422
    assert ana.post(action[0], data={"decision": "merge"}).status_code == 403
    assert mo.post(action[0], data={"decision": "merge", "reason": "It is one."}).location == f"/items/{one}"
    assert mo.post(action[0], data={"decision": "apart", "reason": "No"}).status_code == 409
    log = mo.get("/moderation/log").text
    assert "merged" in log
    assert "It is one." in log
    moved = ana.get(f"/items/{two}")
    assert (moved.status_code, moved.location) == (301, f"/items/{one}")
    assert "Heavy" in ana.get(f"/items/{one}").text
    assert ana.get(f"/items/{two}/double").location == f"/items/{one}/double"


def test_the_api_names_what_is_there_and_leads_to_what_stays(client: FlaskClient, people: dict[str, int]) -> None:
    head = {"Authorization": f"Bearer {issue_token(people['ana'])}"}
    body = {"title": "Pen", "gtin": GTIN, "url": "pens.example/1?utm_source=a", "maker": "Stabilo"}
    made = client.post("/api/v1/items", json=body, headers=head)
    assert made.status_code == 201
    assert made.json
    pen = made.json["id"]
    assert (made.json["gtin"], made.json["maker"], made.json["similar"]) == ("0" + GTIN, "Stabilo", [])
    for again in ({"gtin": GTIN}, {"url": "https://www.pens.example/1/"}):
        refused = client.post("/api/v1/items", json={"title": "Another", **again}, headers=head)
        assert refused.status_code == 409
        assert refused.content_type == "application/problem+json"
        assert refused.json
        assert refused.json["code"] == "duplicate_item"
        assert [one["id"] for one in refused.json["candidates"]] == [pen]
    for bad in ({"gtin": "1"}, {"url": "x"}, {"gtin": 5}, {"maker": "x" * 81}):
        assert client.post("/api/v1/items", json={"title": "Another", **bad}, headers=head).status_code == 422
    like = client.post("/api/v1/items", json={"title": "Pen, blue"}, headers=head)
    assert like.status_code == 201
    assert like.json
    assert [one["id"] for one in like.json["similar"]] == [pen]
    found = client.get("/api/v1/items/candidates?title=blue pen", headers=head).json
    assert found
    assert len(found["items"]) == 2

    blue = like.json["id"]
    proposal = client.post(f"/api/v1/items/{blue}/merge-proposals", json={"into": pen}, headers=head)
    assert proposal.status_code == 201
    assert client.post(f"/api/v1/items/{pen}/merge-proposals", json={"into": pen}, headers=head).status_code == 422
    confirm_merge(people["mo"], propose_merge(people["ana"], blue, pen))
    for path in (f"/api/v1/items/{blue}", f"/api/v1/items/{blue}/endorsements"):
        moved = client.get(path, headers=head)
        assert (moved.status_code, moved.location) == (301, path.replace(blue, pen))
    said = {"item": blue, "stance": "recommend", "disclosure": "none"}
    given = client.post("/api/v1/recommendations", json=said, headers=head)
    assert given.status_code == 201
    assert given.json
    assert given.json["item"] == pen
