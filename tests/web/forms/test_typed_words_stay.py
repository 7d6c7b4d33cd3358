"""Every form × how its right to be sent may have ended: it comes back filled, and goes on."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from app.web.headers import csrf
from app.web.held_forms import OPEN_DOORS, TYPED
from tests.support.access import placeholder_path, routes
from tests.support.form_registry import FORMS
from tests.support.forms import PageForm, forms_of
from tests.support.people import MemberFactory, sign_in

SignedIn = Callable[[FlaskClient, str], FlaskClient]
WORDS = {name: f"Grüße & <{name}> „typed“ by hand" for name in TYPED}
LONG = 'A first line\nand a second\n\nand a fourth, with <tags> & "marks". ' + "word " * 40
HIDDEN = {"kind": "sale", "tick": ["a", "b"]}
SECRET = "never shown again"


def addresses(app: Flask) -> list[str]:
    return [
        placeholder_path(rule)
        for method, rule in routes(app)
        if method == "POST"
        and not rule.rule.startswith("/api/")
        and not FORMS[rule.rule].by_script
        and rule.rule != "/logout"
        and f"{app.view_functions[rule.endpoint].__module__}.{app.view_functions[rule.endpoint].__name__}"
        not in csrf._exempt_views
    ]


def typed() -> dict[str, object]:
    return {**WORDS, **HIDDEN, "text": LONG, "password": SECRET, "csrf_token": "of another day"}


def held(answer: TestResponse) -> PageForm:
    assert "data-held" in answer.text, f"{answer.request.path}: {answer.status}"
    return next(one for one in forms_of(answer.text) if "title" in one.names and one.method == "post")


def check_nothing_is_lost(answer: TestResponse, address: str) -> PageForm:
    form = held(answer)
    assert form.action == address
    given = form.data()
    for name, value in {**WORDS, "text": LONG}.items():
        assert [one.replace("\r\n", "\n") for one in given[name]] == [value], (address, name)
    assert given["tick"] == ["a", "b"]
    assert given["kind"] == ["sale"]
    assert SECRET not in answer.text
    assert given["csrf_token"] != ["of another day"]
    return form


def test_a_form_whose_token_has_ended_comes_back_filled(
    app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    member("op", role="operator")
    signed_in(client, "op")
    for address in addresses(app):
        answer = client.post(address, data=typed())
        assert answer.status_code == 400, address
        check_nothing_is_lost(answer, address)


def test_a_form_sent_after_the_session_goes_on_after_sign_in_in_another_tab(app: Flask, member: MemberFactory) -> None:
    member("op", role="operator")
    for address in addresses(app):
        client = app.test_client()
        answer = client.post(address, data=typed())
        door = address.startswith(OPEN_DOORS)
        assert answer.status_code == (400 if door else 401), address
        form = check_nothing_is_lost(answer, address)
        if not door:
            sign_in(app, client, "op")
            again = client.post(form.action, data={**form.data(), "password": SECRET})
            assert "data-held" not in again.text, address


def test_a_session_that_was_ended_from_elsewhere_gives_the_form_back(
    app: Flask, client: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    """The cookie and its token are good still; the member's session is not."""
    ident = member("op", role="operator")
    signed_in(client, "op")
    token = forms_of(client.get("/explore").text)[-1].value("csrf_token")
    with unit_of_work():
        db.session.execute(update(Member).where(Member.id == ident).values(fs_uniquifier=secrets.token_hex(16)))
    for address in addresses(app):
        if address.startswith(OPEN_DOORS):
            continue
        answer = client.post(address, data={**typed(), "csrf_token": token})
        assert answer.status_code == 401, address
        check_nothing_is_lost(answer, address)


@pytest.mark.parametrize("address", ["/market/new", "/messages/01J00000000000000000000000"])
def test_forms_with_photos_keep_their_words(client: FlaskClient, address: str) -> None:
    photo = (BytesIO(b"not looked at"), "cat.jpg")
    answer = client.post(address, data={**typed(), "photos": photo}, content_type="multipart/form-data")
    form = check_nothing_is_lost(answer, address)
    assert form.attributes["enctype"] == "multipart/form-data"
    assert "photos" in form.names


def test_signing_out_twice_leads_home(client: FlaskClient) -> None:
    answer = client.post("/logout", data={"csrf_token": "of another day"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_words_of_another_site_are_not_given_a_token(
    client: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    member("ana")
    signed_in(client, "ana")
    answer = client.post("/m/bo/block", data=typed(), headers={"Origin": "https://evil.example"})
    assert answer.status_code == 422
    assert "data-held" not in answer.text
    assert LONG[:12] not in answer.text


def test_a_page_learns_whose_session_it_has(client: FlaskClient, member: MemberFactory, signed_in: SignedIn) -> None:
    assert client.get("/session").json["viewer"] is None
    member("ana")
    signed_in(client, "ana")
    found = client.get("/session")
    assert found.json["viewer"] == "ana"
    assert found.headers["Cache-Control"] == "no-store"
    kept = client.post("/people/wish", data={"csrf_token": found.json["token"], "allowed": "1"})
    assert kept.status_code == 303
