"""One reading of a password at every door, and every door that takes one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.recoverable import generate_reset_password_token
from flask_security.utils import hash_password
from sqlalchemy import update

from app.kernel.errors import Invalid
from app.people.accounts import passwords, queries, service
from app.people.accounts.models import Member
from app.platform.database import db, unit_of_work
from tests.support.forms import forms_of
from tests.support.mailbox import mail_server
from tests.support.people import MemberFactory, sign_in

TEXTS = [
    *("Grüße-aus-Köln", "пароль-й-пример", "비밀번호가 길다", "ﬁne Ⅻ ① ｗｉｄｅ"),
    *("pässwörd\N{CAT}\N{ZERO WIDTH JOINER}\N{BLACK LARGE SQUARE}", " with spaces "),
]
FORMS = ["NFC", "NFD"]
OTHER = "quite another passphrase"


def typed_as(text: str, form: str) -> str:
    return unicodedata.normalize(form, text)  # type: ignore[arg-type]


Setter = Callable[[Flask, str, str], None]
User = Callable[[Flask, str, str], bool]


def at_registration(app: Flask, handle: str, text: str) -> None:
    form = {"handle": handle, "name": "N", "email": f"{handle}@example.org", "password": text}
    assert app.test_client().post("/register", data=form).status_code == 302


def by_reset(app: Flask, handle: str, text: str) -> None:
    ident = service.add_member(handle, email=f"{handle}@example.org", password=OTHER)
    token = generate_reset_password_token(db.session.get_one(Member, ident))  # type: ignore[no-untyped-call]
    db.session.rollback()
    form = {"password": text, "password_confirm": text}
    assert app.test_client().post(f"/reset/{token}", data=form).status_code == 302


def by_change(app: Flask, handle: str, text: str) -> None:
    service.add_member(handle, email=f"{handle}@example.org", password=OTHER)
    client = signed(app, handle)
    form = {"password": OTHER, "new_password": text, "new_password_confirm": text}
    assert client.post("/settings/password", data=form).status_code == 302


def as_the_first(app: Flask, handle: str, text: str) -> None:
    """By who came through a link and has none yet."""
    service.add_member(handle, email=f"{handle}@example.org")
    form = {"new_password": text, "new_password_confirm": text}
    assert signed(app, handle).post("/settings/password", data=form).status_code == 302


def as_it_was_hashed_before(app: Flask, handle: str, text: str) -> None:
    """What the registration stored until now: the hash of what was typed."""
    ident = service.add_member(handle, email=f"{handle}@example.org")
    with unit_of_work():
        db.session.execute(update(Member).where(Member.id == ident).values(password=hash_password(text)))


def signed(app: Flask, handle: str) -> FlaskClient:
    client = app.test_client()
    sign_in(app, client, handle)
    return client


def at_sign_in(app: Flask, handle: str, text: str) -> bool:
    return app.test_client().post("/login", data={"email": handle, "password": text}).status_code == 302


def at_verify(app: Flask, handle: str, text: str) -> bool:
    return signed(app, handle).post("/verify", data={"password": text}).status_code == 302


def for_another_password(app: Flask, handle: str, text: str) -> bool:
    # Too short a new one: the page comes back, with one complaint or with two.
    form = {"password": text, "new_password": "short", "new_password_confirm": "short"}
    page = signed(app, handle).post("/settings/password", data=form).text
    return "at least 8 characters" in page


def for_a_token(app: Flask, handle: str, text: str) -> bool:
    return signed(app, handle).post("/settings/account/token", data={"password": text}).status_code == 200


def for_another_address(app: Flask, handle: str, text: str) -> bool:
    form = {"email": f"new-{handle}@example.org", "password": text}
    return signed(app, handle).post("/settings/account/email", data=form).status_code == 303


def for_leaving(app: Flask, handle: str, text: str) -> bool:
    # Without the handle: refused for that, if the password is right.
    page = signed(app, handle).post("/settings/privacy/delete", data={"handle": "x", "password": text}).text
    return "Type your username to confirm." in page


SETTERS: list[Setter] = [at_registration, by_reset, by_change, as_the_first, as_it_was_hashed_before]
DOORS: list[User] = [
    *(at_sign_in, at_verify, for_another_password),
    *(for_a_token, for_another_address, for_leaving),
]


@pytest.fixture
def quiet(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """No limits and no tokens of forms: only passwords are looked at."""
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    monkeypatch.setattr(app.extensions["kin_rates"], "check", lambda *_args: None)
    return app


@pytest.mark.parametrize("setter", SETTERS, ids=lambda one: one.__name__)
def test_what_was_set_at_one_door_opens_all(quiet: Flask, setter: Setter) -> None:
    wrong = []
    for number, text in enumerate(TEXTS):
        for form in FORMS:
            handle = f"p{number}_{form.lower()}"
            setter(quiet, handle, typed_as(text, form))
            for other in FORMS:
                # The old hash is renewed at the first sign-in; each door must open it before that too.
                wrong += [
                    f"{text!r} set as {form}, {door.__name__} as {other}"
                    for door in (DOORS if number == 0 else DOORS[:1])
                    if not door(quiet, handle, typed_as(text, other))
                ]
            if number == 0:
                other = typed_as("Grüsse-aus-Köln", form)
                wrong += [f"{door.__name__} takes any" for door in DOORS if door(quiet, handle, other)]
    assert not wrong, "\n".join(wrong)


def test_an_old_hash_is_renewed(quiet: Flask) -> None:
    for number, text in enumerate(TEXTS[:4]):
        handle = f"old{number}"
        as_it_was_hashed_before(quiet, handle, text)
        ident = queries.member_id(handle)
        before = queries.get_member(ident).password
        uniquifier = queries.get_member(ident).fs_uniquifier
        assert at_sign_in(quiet, handle, text)
        db.session.rollback()
        member = queries.get_member(ident)
        assert member.password != before
        assert passwords.verify_password(unicodedata.normalize("NFKD", text), member.password)
        assert member.fs_uniquifier == uniquifier, "it is the same password: no session ends"
        again = member.password
        assert at_sign_in(quiet, handle, text)
        db.session.rollback()
        assert queries.get_member(ident).password == again, "once"


@pytest.mark.parametrize(
    "bad", ["\ud800" * 12, "x" * 5000, "é" * 5000, "nul\x00nul\x00nul", 12345678, ["a"], {"a": 1}, True]
)
def test_what_is_no_password_is_a_wrong_one(quiet: Flask, member: MemberFactory, bad: object) -> None:
    member("ana", password=OTHER)
    for handle in ("ana", "nobody_here"):
        answer = quiet.test_client().post("/login", json={"email": handle, "password": bad})
        assert 400 <= answer.status_code < 500, handle
    client = signed(quiet, "ana")
    for path, body in [
        ("/verify", {"password": bad}),
        ("/settings/password", {"password": bad, "new_password": OTHER + "!", "new_password_confirm": OTHER + "!"}),
        ("/settings/password", {"password": OTHER, "new_password": bad, "new_password_confirm": bad}),
    ]:
        answer = client.post(path, json=body)
        assert 400 <= answer.status_code < 500, (path, body)
    assert at_sign_in(quiet, "ana", OTHER)


@pytest.mark.parametrize(
    "text", ["ö" * 8, typed_as("ö" * 8, "NFD"), "비밀번호비밀번호", "x" * 128, typed_as("é" * 128, "NFD")]
)
def test_letters_are_counted_as_people_see_them(app: Flask, text: str) -> None:
    assert passwords.checked(text)


@pytest.mark.parametrize("text", ["ö" * 7, typed_as("ö" * 7, "NFD"), "x" * 129, "\ud800" * 9, ""])
def test_too_short_or_too_long_is_so_at_every_door(quiet: Flask, member: MemberFactory, text: str) -> None:
    with pytest.raises(Invalid):
        passwords.checked(text)
    if "\ud800" in text:
        return
    form = {"handle": "new", "name": "N", "email": "new@example.org", "password": text}
    assert quiet.test_client().post("/register", data=form).status_code == 422
    ident = member("ana", password=OTHER)
    token = generate_reset_password_token(db.session.get_one(Member, ident))  # type: ignore[no-untyped-call]
    db.session.rollback()
    quiet.test_client().post(f"/reset/{token}", data={"password": text, "password_confirm": text})
    change = {"password": OTHER, "new_password": text, "new_password_confirm": text}
    assert signed(quiet, "ana").post("/settings/password", data=change).status_code == 200
    assert at_sign_in(quiet, "ana", OTHER)


def test_who_has_no_password_confirms_by_a_link_that_is_mailed(quiet: Flask, member: MemberFactory) -> None:
    member("ana")
    client = signed(quiet, "ana")
    page = client.get("/verify?next=/settings/password").text
    assert "Email me a link" in page
    assert 'type="password"' not in page
    with mail_server() as mailbox:
        quiet.config["KIN"] = replace(quiet.config["KIN"], mail_url=mailbox.url)
        form = {"next": "/settings/password"}
        assert client.post("/settings/account/signin-link", data=form).status_code == 303
        (mail,) = mailbox.to("ana@example.org")
    link = re.search(r"/signin/\S+", mail.get_content())
    assert link
    confirm = next(one for one in forms_of(client.get(link[0]).text) if one.action.startswith("/signin/"))
    with client.session_transaction() as session:
        session["fs_paa"] -= 3700
    assert client.post(confirm.action).headers["Location"] == "/settings/password"
    form = {"new_password": OTHER, "new_password_confirm": OTHER}
    assert client.post("/settings/password", data=form).status_code == 302
    assert at_sign_in(quiet, "ana", OTHER)


def test_who_has_no_password_has_signed_in_lately(quiet: Flask, member: MemberFactory) -> None:
    """Else a browser that was left open gives the account away for good."""
    member("ana")
    for path, form in [
        ("/settings/account/token", {}),
        ("/settings/account/email", {"email": "new@example.org"}),
        ("/settings/privacy/delete", {"handle": "ana"}),
        ("/settings/password", {"new_password": OTHER, "new_password_confirm": OTHER}),
    ]:
        client = signed(quiet, "ana")
        with client.session_transaction() as session:
            session["fs_paa"] -= 3700
        answer = client.post(path, data=form)
        assert answer.status_code == 422 or "/verify" in answer.headers["Location"], path
    ident = queries.member_id("ana")
    assert queries.account_of(ident).token_count == 0
    assert queries.get_member(ident).password is None
    assert signed(quiet, "ana").post("/settings/account/token").status_code == 200
