"""A member's page and the settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event

from app.people.accounts.service import issue_token
from app.people.blocks.service import block
from app.people.profiles.queries import cards
from app.platform.database import db
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]


def picture() -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", (300, 300), "orange").save(stream, "JPEG")
    stream.seek(0)
    return stream


def test_a_profile_shows_the_way_to_it(client: FlaskClient, member: MemberFactory, signed_in: SignedIn) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem", bio="I mend bicycles.", place="Graz")
    vouch(ana, bo, "trust_fully", reason="My neighbour.")
    vouch(bo, cem, "trust", reason="Mended my bicycle.")
    page = signed_in(client, "ana").get("/m/cem")
    assert page.status_code == 200
    for words in ("I mend bicycles.", "Graz", "Mended my bicycle.", "Bo knows", 'action="/messages/new"'):
        assert words in page.text, words
    assert "/report/member/cem" in page.text
    assert client.get("/m/nobody").status_code == 404


def test_my_own_page_offers_what_i_can_do(client: FlaskClient, member: MemberFactory, signed_in: SignedIn) -> None:
    member("ana")
    page = signed_in(client, "ana").get("/m/ana")
    assert "/settings/profile" in page.text
    assert "/report/member/ana" not in page.text
    assert 'action="/messages/new"' not in page.text


def test_a_visitor_sees_a_profile_without_the_buttons(client: FlaskClient, member: MemberFactory) -> None:
    member("ana", bio="<script>alert(1)</script>")
    page = client.get("/m/ana")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "/messages/new" not in page.text


def test_editing(client: FlaskClient, member: MemberFactory, signed_in: SignedIn, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    ident = member("ana")
    signed_in(client, "ana")
    assert client.get("/settings/profile").status_code == 200
    form = {"name": "Ana O.", "bio": "I knit.", "place": "Porto", "discreet": "y"}
    sent = client.post("/settings/profile", data={**form, "avatar": (picture(), "me.jpg")})
    assert sent.location == "/m/ana"
    card = cards([ident])[ident]
    assert (card.name, card.discreet) == ("Ana O.", True)
    assert card.avatar_url is not None
    with client.get(card.avatar_url) as answer:
        assert answer.mimetype == "image/webp"
    bad = client.post("/settings/profile", data={**form, "avatar": (BytesIO(b"nonsense"), "me.jpg")})
    assert bad.status_code == 422
    assert cards([ident])[ident].avatar_url == card.avatar_url
    client.post("/settings/profile", data={**form, "remove_avatar": "y"})
    assert cards([ident])[ident].avatar_url is None


def test_the_invite_link(client: FlaskClient, member: MemberFactory, signed_in: SignedIn) -> None:
    member("ana")
    page = signed_in(client, "ana").get("/settings/invite")
    assert "http://127.0.0.1:8000/i/" in page.text
    assert client.get("/settings/blocks").status_code == 200


def test_blocking(client: FlaskClient, member: MemberFactory, signed_in: SignedIn, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana"), member("bo", name="Bo Lindqvist")
    signed_in(client, "ana")
    client.post("/m/bo/block")
    page = client.get("/m/bo").text
    assert "/m/bo/unblock" in page
    assert 'action="/messages/new"' not in page
    assert "Bo Lindqvist" in client.get("/settings/blocks").text
    client.post("/m/bo/unblock")
    assert "/m/bo/unblock" not in client.get("/m/bo").text


def test_my_data(client: FlaskClient, member: MemberFactory, signed_in: SignedIn, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    ana, bo = member("ana", bio="I knit."), member("bo")
    block(ana, bo)
    signed_in(client, "ana")
    assert client.get("/settings/privacy").status_code == 200
    export = client.get("/settings/privacy/export")
    assert "attachment" in export.headers["Content-Disposition"]
    data = json.loads(export.data)
    assert data["accounts"]["bio"] == "I knit."
    assert data["blocks"] == ["bo"]
    assert client.post("/settings/privacy/delete", data={"handle": "bo"}).status_code == 422
    assert client.post("/settings/privacy/delete", data={"handle": "ana"}).status_code == 302
    assert client.get("/settings/privacy").location.startswith("/login")
    assert client.get("/m/ana").status_code == 404


def test_a_member_over_the_api(client: FlaskClient, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo", bio="Hello.")
    vouch(ana, bo, "trust")
    headers = {"Authorization": f"Bearer {issue_token(ana)}"}
    found = client.get("/api/v1/members/bo", headers=headers).get_json()
    assert (found["handle"], found["bio"], found["trust"]["distance"]) == ("bo", "Hello.", 1)
    assert "email" not in json.dumps(found)
    missing = client.get("/api/v1/members/nobody", headers=headers)
    assert (missing.status_code, missing.get_json()["code"]) == (404, "not_found")
    assert client.get("/api/v1/members/bo").status_code == 401


def test_the_frame_costs_one_statement_for_the_viewer(
    app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    member("mo", role="moderator")
    signed_in(client, "mo")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert client.get("/settings/password").status_code == 200
    statements.clear()
    assert client.get("/settings/blocks").status_code == 200
    asked = [one for one in statements if one.startswith("SELECT") and "fs_uniquifier" in one]
    assert len(asked) == 1, "\n".join(statements)
