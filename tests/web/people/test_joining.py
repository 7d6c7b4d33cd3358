"""Join, sign in and out, forget the password: as a browser without JavaScript does it."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from email import policy
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.notifications.delivery.sending import send_due
from app.people.accounts import queries, service
from app.people.invites.service import invite_code
from app.people.profiles.queries import cards
from app.platform.database import EventRow, db
from app.platform.event_log import run_reactions
from tests.support.people import PASSWORD, MemberFactory

ANA = {"handle": "ana", "name": "Ana Oliveira", "email": "ana@example.org", "password": PASSWORD}


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def send(client: FlaskClient, path: str, form: dict[str, str], form_page: str | None = None) -> TestResponse:
    """Opens the page with the form, then sends it with its token."""
    page = client.get(form_page or path)
    assert page.status_code == 200, page.text
    return client.post(path, data={**form, "csrf_token": token_of(page)})


def who(client: FlaskClient) -> str | None:
    found = re.search(r'data-viewer="([^"]+)"', client.get("/login").text or "")
    return found[1] if found else _of_front(client)


def _of_front(client: FlaskClient) -> str | None:
    found = re.search(r'data-viewer="([^"]+)"', client.get("/settings/profile").text)
    return found[1] if found else None


def mails(app: Flask) -> list[email.message.EmailMessage]:
    folder: Path = app.config["KIN"].data_dir / "mail"
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def events(name: str) -> list[dict[str, object]]:
    db.session.rollback()
    return list(db.session.scalars(select(EventRow.payload).where(EventRow.name == name)))


def test_joining_signs_in(app: Flask, client: FlaskClient) -> None:
    answer = send(client, "/register", ANA)
    assert (answer.status_code, answer.location) == (302, "/welcome")
    assert who(client) == "ana"
    assert client.get("/register").status_code == 302


def test_joining_by_invitation(app: Flask, client: FlaskClient, member: MemberFactory) -> None:
    bo = member("bo", name="Bo Lindqvist", place="Malmö")
    code = invite_code(bo)
    page = client.get(f"/i/{code}")
    assert "Bo Lindqvist" in page.text
    assert "Malmö" in page.text
    link = f"/register?invite={code}"
    assert f'href="{link}"' in page.text
    form = client.get(link)
    assert "Bo Lindqvist" in form.text
    sent = client.post("/register", data={**ANA, "invite": code, "csrf_token": token_of(form)})
    assert sent.status_code == 302
    assert {"member_id": queries.member_id("ana"), "inviter_id": bo} in events("MemberJoined")
    assert client.get("/i/unknown").status_code == 404


def test_what_is_wrong_stands_at_the_field(client: FlaskClient, member: MemberFactory) -> None:
    member("ana", email="taken@example.org")
    for change, words in [
        ({}, "This username is taken."),
        ({"handle": "u12"}, "reserved for imported members"),
        ({"handle": "an ana"}, "2 to 30 lowercase letters"),
        ({"handle": "ana2", "email": "nonsense"}, "Enter a valid email address"),
        ({"handle": "ana2", "password": "short"}, "Use at least 8 characters for your password"),
    ]:
        answer = send(client, "/register", {**ANA, **change})
        assert answer.status_code == 422
        assert words in answer.text, change
        assert PASSWORD not in answer.text
    assert len(events("MemberJoined")) == 1


def test_all_that_is_wrong_is_said_at_once_with_a_list_of_links(client: FlaskClient, member: MemberFactory) -> None:
    member("ana")
    wrong = {"name": "Kinmarket Support", "handle": "ana", "email": "nonsense", "password": "short"}
    page = send(client, "/register", wrong).text
    said = {
        "name": "This name is reserved.",
        "handle": "This username is taken.",
        "email": "Enter a valid email address.",
        "password": "Use at least 8 characters for your password.",
    }
    listed = page[page.index('id="errors"') : page.index("</ul>", page.index('id="errors"'))]
    assert "Fix 4 problems to go on" in listed
    for field, words in said.items():
        assert f'href="#{field}"' in listed
        assert words in listed
        assert re.search(rf'id="{field}-error"[^>]*>{re.escape(words)}', page), field
    # The list takes the focus; nothing of it stands on a page without a fault.
    assert "autofocus" in listed
    assert 'id="errors"' not in client.get("/register").text


def test_an_empty_form_is_answered_in_our_words(client: FlaskClient) -> None:
    page = send(client, "/register", {}).text
    for words in ("Enter your name.", "Choose a username.", "Enter your email address.", "Choose a password."):
        assert page.count(words) == 2, words
    assert "This field is required" not in page
    page = send(client, "/login", {}).text
    assert page.count("Enter your username or email address.") == page.count("Enter your password.") == 2
    assert "This field is required" not in page


def test_required_is_marked_and_optional_only_where_it_is(
    client: FlaskClient, member: MemberFactory, signed_in: Callable[..., FlaskClient]
) -> None:
    page = client.get("/register").text
    assert page.count("field-must") == 4
    assert "optional" not in page.split("<main")[1]
    member("ana")
    page = signed_in(client, "ana").get("/settings/profile").text
    assert re.findall(r'field-must">\s*<label for="(\w+)"', page) == ["name"]
    assert set(re.findall(r'<label for="(\w+)">[^<]*<small\s+class="soft">optional', page)) == {
        "avatar",
        "place",
        "bio",
    }


def test_a_username_is_made_from_the_name(client: FlaskClient, member: MemberFactory) -> None:
    member("zoeodegard")

    def asked(**query: str) -> dict[str, object]:
        found: dict[str, object] = client.get("/register/username", query_string=query).json
        return found

    assert asked(name="Zoë Ødegård") == {"username": "zoeodegard2"}
    assert asked(name="林美玲") == {"username": ""}
    # Nothing that nobody may choose is suggested.
    assert asked(name="Support") == {"username": ""}
    assert asked(username="@Ana_L") == {"free": True, "says": "@ana_l is available."}
    assert asked(username="zoe_odegard") == {
        "free": False,
        "says": "This username is too similar to another member’s. Choose another one.",
    }
    assert asked(username="a b")["free"] is False
    # Without JavaScript the server makes it.
    assert send(client, "/register", {**ANA, "handle": ""}).status_code == 302
    assert who(client) == "anaoliveira"


def test_forms_need_their_token(client: FlaskClient, member: MemberFactory) -> None:
    member("ana", password=PASSWORD)
    assert client.post("/register", data=ANA).status_code == 400
    assert client.post("/login", data={"email": "ana", "password": PASSWORD}).status_code == 400
    assert client.post("/reset", data={"email": "ana@example.org"}).status_code == 400


def test_signing_in_by_handle_or_address(app: Flask, member: MemberFactory) -> None:
    member("ana", email="ana@example.org", password=PASSWORD)
    for name in ("ana", "@Ana", "ana@example.org", "ANA@Example.org"):
        client = app.test_client()
        answer = send(client, "/login?next=/settings/invite", {"email": name, "password": PASSWORD})
        assert answer.status_code == 302, name
        assert urlsplit(answer.location).path == "/settings/invite"
        assert who(client) == "ana"


def test_a_wrong_password_tells_nothing(client: FlaskClient, member: MemberFactory) -> None:
    member("ana", password=PASSWORD)
    member("bo")
    answers = []
    for name in ("ana", "nobody_here", "bo", "nobody@example.org"):
        answer = send(client, "/login", {"email": name, "password": "not the password"})
        assert answer.status_code == 200
        answers.append(re.findall(r'class="field-error"[^>]*>([^<]*)<', answer.text))
    assert answers[0]
    assert all(one == answers[0] for one in answers)
    assert who(client) is None


def test_next_leads_only_to_this_site(client: FlaskClient, member: MemberFactory) -> None:
    member("ana", password=PASSWORD)
    for target in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        answer = send(client, f"/login?next={target}", {"email": "ana", "password": PASSWORD})
        if answer.status_code == 302:
            assert "evil" not in urlsplit(answer.location).netloc
            send(client, "/logout", {}, "/settings/profile")


def test_signing_out(client: FlaskClient, member: MemberFactory) -> None:
    ident = member("ana", password=PASSWORD)
    send(client, "/login", {"email": "ana", "password": PASSWORD, "remember": "y"})
    assert client.get("/logout").status_code == 405
    assert who(client) == "ana"
    assert send(client, "/logout", {}, "/settings/profile").status_code == 302
    assert who(client) is None
    assert events("SignedOut") == [{"member_id": ident}]


def test_the_browser_remembers(app: Flask, member: MemberFactory) -> None:
    member("ana", password=PASSWORD)
    client = app.test_client()
    send(client, "/login", {"email": "ana", "password": PASSWORD, "remember": "y"})
    client.delete_cookie("kin_session")
    assert who(client) == "ana"


def test_a_suspended_member_is_told_so_only_with_the_right_password(client: FlaskClient, member: MemberFactory) -> None:
    ident, mo = member("ana", password=PASSWORD), member("mo", role="moderator")
    send(client, "/login", {"email": "ana", "password": PASSWORD})
    assert who(client) == "ana"
    service.suspend(mo, ident)
    assert who(client) is None, "the session ends at the next request"
    right = send(client, "/login", {"email": "ana", "password": PASSWORD})
    wrong = send(client, "/login", {"email": "ana", "password": "not the password"})
    assert "suspended" in right.text
    assert "suspended" not in wrong.text
    assert who(client) is None


def test_a_sign_in_link_survives_a_preview(app: Flask, client: FlaskClient, member: MemberFactory) -> None:
    path = service.signin_link(member("ana"))
    for _robot in range(3):
        assert app.test_client().get(path).status_code == 200
    assert send(client, path, {}).status_code == 302
    assert who(client) == "ana"
    assert app.test_client().get(path).status_code == 404
    assert client.post(path, data={}).status_code == 400


def test_a_forgotten_password(app: Flask, client: FlaskClient, member: MemberFactory) -> None:
    ident = member("ana", email="ana@example.org", password=PASSWORD)
    elsewhere = app.test_client()
    send(elsewhere, "/login", {"email": "ana", "password": PASSWORD})
    known = send(client, "/reset", {"email": "ANA@example.org"})
    unknown = send(client, "/reset", {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code
    (mail,) = mails(app)
    assert mail["To"] == "ana@example.org"
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://127\.0\.0\.1:8000(/reset/\S+)", body.get_content())
    assert found, body.get_content()
    new = {"password": "another passphrase", "password_confirm": "another passphrase"}
    before = queries.get_member(ident).fs_uniquifier
    assert send(client, found[1], new).status_code == 302
    db.session.rollback()
    assert queries.get_member(ident).fs_uniquifier != before
    assert who(elsewhere) is None, "other sessions end with the old password"
    again = client.get(found[1])
    assert again.status_code == 302, "the link worked once"
    assert send(client, "/login", {"email": "ana", "password": PASSWORD}).status_code == 200
    assert send(client, "/login", {"email": "ana", "password": new["password"]}).status_code == 302
    assert who(client) == "ana"
    run_reactions()
    send_due()
    told = [one["Subject"] for one in mails(app)[1:]]
    assert told.count("Your password was changed") == 1, "and the member hears of the change"


def test_a_forged_host_does_not_get_into_the_mail(app: Flask, client: FlaskClient, member: MemberFactory) -> None:
    member("ana", email="ana@example.org", password=PASSWORD)
    page = client.get("/reset")
    client.post(
        "/reset",
        data={"email": "ana@example.org", "csrf_token": token_of(page)},
        headers={"Host": "evil.example"},
    )
    for mail in mails(app):
        assert "evil" not in mail.as_string()


def test_changing_the_password(app: Flask, client: FlaskClient, member: MemberFactory) -> None:
    ident = member("ana", password=PASSWORD)
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        send(browser, "/login", {"email": "ana", "password": PASSWORD})
    new = {"new_password": "another passphrase", "new_password_confirm": "another passphrase"}
    wrong = send(client, "/settings/password", {"password": "not the password", **new})
    assert wrong.status_code == 200
    right = send(client, "/settings/password", {"password": PASSWORD, **new})
    assert right.status_code == 302
    assert who(client) == "ana"
    assert who(elsewhere) is None
    assert events("SignedOut") == [{"member_id": ident}]


def test_many_guesses_at_one_account_are_stopped(app: Flask, member: MemberFactory) -> None:
    member("ana", password=PASSWORD)
    statuses = []
    for number in range(14):
        client = app.test_client()
        page = client.get("/login")
        answer = client.post(
            "/login",
            data={"email": "ana", "password": f"guess {number}", "csrf_token": token_of(page)},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        statuses.append(answer.status_code)
    # The window slides with the real clock, so a slow machine may let one more through.
    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429


def test_tokens(app: Flask, client: FlaskClient, member: MemberFactory, signed_in: Callable[..., FlaskClient]) -> None:
    ident = member("ana")
    signed_in(client, "ana")
    page = send(client, "/settings/account/token", {}, "/settings/account")
    found = re.search(r'value="(kin_[^"]+)"', page.text)
    assert found
    me = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {found[1]}"})
    assert me.get_json() == {"handle": "ana", "name": "Ana", "roles": ["member"]}
    assert found[1] not in client.get("/settings/account").text
    send(client, "/settings/account/tokens/revoke", {}, "/settings/account")
    refused = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {found[1]}"})
    assert refused.status_code == 401
    assert refused.get_json()["code"] == "bad_token"
    assert cards([ident])[ident].handle == "ana"


def test_an_inbox_is_not_filled_by_others(app: Flask, member: MemberFactory) -> None:
    member("ana", email="ana@example.org")
    app.config["WTF_CSRF_ENABLED"] = False
    for number in range(8):
        app.test_client().post(
            "/reset",
            data={"email": "ana@example.org"},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
    assert len(mails(app)) == 5


def test_an_old_session_proves_itself_again(client: FlaskClient, member: MemberFactory) -> None:
    member("ana", password=PASSWORD)
    send(client, "/login", {"email": "ana", "password": PASSWORD})
    assert "Confirm it’s you" in client.get("/verify").text
    answer = send(client, "/verify?next=/settings/account", {"password": PASSWORD}, "/verify")
    assert urlsplit(answer.location).path == "/settings/account"
