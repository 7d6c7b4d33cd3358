"""An address is the member's when its mailbox has said so; until then nothing but that question is mailed."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.subjects import Subject
from app.notifications.delivery.sending import send_due
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import KINDS
from app.people.accounts import queries, service
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.platform.subject_lines import subject_line
from tests.support.people import PASSWORD, MemberFactory
from tests.web.people.test_joining import mails

VICTIM = "vera@example.org"
EVIL = "Account locked, see https://evil.example/now www.evil.example evil.example/x"


def join(app: Flask, handle: str, email: str, name: str = "Ana") -> FlaskClient:
    client = app.test_client()
    form = {"handle": handle, "name": name, "email": email, "password": PASSWORD}
    assert client.post("/register", data=form).status_code == 302
    return client


def to(app: Flask, address: str) -> list[EmailMessage]:
    return [one for one in mails(app) if one["To"] == address]  # type: ignore[misc]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def town(app: Flask) -> Flask:
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return app


def everything_happens(app: Flask, client: FlaskClient, handle: str, member: MemberFactory) -> None:
    """Every kind of notification, every page that mails."""
    ident, bo = queries.member_id(handle), member(f"bo_{handle}", name=EVIL)
    for number, kind in enumerate(KINDS):
        notify(ident, kind, Subject("member", str(bo)), actor_id=bo, key=f"{kind}:{number}", data={"title": EVIL})
    run_reactions()
    send_due()
    for path, form in [
        ("/reset", {"email": VICTIM}),
        ("/reset", {"email": handle}),
        ("/settings/account/confirm", {}),
        ("/settings/account/email", {"email": VICTIM, "password": PASSWORD}),
    ]:
        (app.test_client() if path == "/reset" else client).post(path, data=form)
    client.post("/settings/account/token", data={"password": PASSWORD})
    new = {"password": PASSWORD, "new_password": PASSWORD + "!", "new_password_confirm": PASSWORD + "!"}
    client.post("/settings/password", data=new)
    run_reactions()
    send_due()


def test_nothing_but_the_question_goes_to_an_unproven_address(town: Flask, member: MemberFactory) -> None:
    client = join(town, "mallory", VICTIM, EVIL)
    everything_happens(town, client, "mallory", member)
    found = to(town, VICTIM)
    assert found
    for mail in found:
        assert mail["Subject"] == "Confirm your email address for Kinmarket"
        assert "evil" not in mail.as_string()
        assert "/reset/" not in text_of(mail)
        assert "/signin/" not in text_of(mail)
    assert len(found) <= 6, "nor many of them"


def test_the_same_goes_to_a_proven_one(town: Flask, member: MemberFactory) -> None:
    """The walk above does send something: after the confirmation."""
    client = join(town, "vera", VICTIM)
    (question,) = to(town, VICTIM)
    link = re.search(r"http://127\.0\.0\.1:8000(/confirm/\S+)", text_of(question))
    assert link is not None
    # A scanner that opens links proves nothing.
    assert town.test_client().get(link[1]).status_code == 200
    assert queries.account_of(queries.member_id("vera")).email is None
    assert town.test_client().post(link[1]).status_code == 303
    db.session.rollback()
    found = queries.account_of(queries.member_id("vera"))
    assert (found.email, found.unconfirmed_email) == (VICTIM, None)
    assert town.test_client().post(link[1]).status_code == 404, "once"
    everything_happens(town, client, "vera", member)
    subjects = [str(mail["Subject"]) for mail in to(town, VICTIM)]
    assert any("vouches for you" in one for one in subjects), subjects
    assert "Reset your Kinmarket password" in subjects
    assert not [one for one in subjects if re.search(r"evil\.example|https?:|www\.", one)]
    # Somebody's name is never all that a subject says.
    name = subject_line(EVIL)
    assert not [one for one in subjects if not one.replace(name, "").strip()]


def test_joining_tells_nobody_who_has_an_account(town: Flask, member: MemberFactory) -> None:
    member("vera", email=VICTIM)
    answers = []
    for handle, email in (("one", VICTIM), ("two", "free@example.org"), ("three", "VERA@example.org")):
        client = town.test_client()
        form = {"handle": handle, "name": "N", "email": email, "password": PASSWORD}
        answer = client.post("/register", data=form)
        page = client.get("/settings/account").text
        shown = re.sub(r'value="[^"]*"|@?\b(one|two|three)\b|[\w.]+@[\w.]+|/m/\w+', "", page)
        answers.append((answer.status_code, answer.location, len(shown), client.get("/welcome").status_code))
    assert len(set(answers)) == 1, answers
    subjects = [mail["Subject"] for mail in to(town, VICTIM)]
    assert subjects == ["You already have a Kinmarket account"] * 2
    # Nor is the owner shut out by it.
    assert town.test_client().post("/login", data={"email": VICTIM, "password": PASSWORD}).status_code == 200
    assert queries.find_identity(VICTIM) == queries.member_id("vera")


def test_who_gives_anothers_address_does_not_keep_the_owner_out(town: Flask) -> None:
    join(town, "mallory", VICTIM)
    join(town, "vera", VICTIM)
    link = re.search(r"(/confirm/\S+)", text_of(to(town, VICTIM)[-1]))
    assert link is not None
    assert town.test_client().post(link[1]).status_code == 303
    assert queries.find_identity(VICTIM) == queries.member_id("vera")
    first = re.search(r"(/confirm/\S+)", text_of(to(town, VICTIM)[0]))
    assert first is not None
    late = town.test_client().post(first[1])
    assert late.status_code == 409
    assert queries.find_identity(VICTIM) == queries.member_id("vera")


FORMS = [
    ("/reset", {"email": "?"}),
    ("/login", {"email": "?", "password": "not the password"}),
    ("/settings/account/email", {"email": "?", "password": PASSWORD}),
]


@pytest.mark.parametrize(("path", "form"), FORMS, ids=str)
def test_no_form_tells_who_has_an_account(
    town: Flask, member: MemberFactory, monkeypatch: pytest.MonkeyPatch, path: str, form: dict[str, str]
) -> None:
    """By what is answered, and by the work that is done for it: the costly part is the hash of a password."""
    member("vera", email=VICTIM, password=PASSWORD)
    member("plain", email="plain@example.org")
    join(town, "unproven", "unproven@example.org")
    me = town.test_client()
    me.post("/register", data={"handle": "me", "name": "Me", "email": "me@example.org", "password": PASSWORD})
    hashes: list[str] = []
    mine = town.extensions["security"].pwd_context
    context = type(mine)
    for name in ("hash", "verify"):
        real = getattr(context, name)

        def counted(self: object, *args: object, _real: object = real, _name: str = name, **more: object) -> object:
            if self is mine:
                hashes.append(_name)
            return _real(self, *args, **more)  # type: ignore[operator]

        monkeypatch.setattr(context, name, counted)
    seen = set()
    for address in (VICTIM, "plain@example.org", "unproven@example.org", "nobody@example.org"):
        for word in ("not the password", "nicht das Pässwort"):
            hashes.clear()
            given = {"?": address, "not the password": word}
            asked = {name: given.get(value, value) for name, value in form.items()}
            client = me if path.startswith("/settings") else town.test_client()
            answer = client.post(path, data=asked)
            page = re.sub(r"[\w.]+@[\w.]+|value=\"[^\"]*\"|content=\"[^\"]*\"", "", answer.text)
            seen.add((word, answer.status_code, answer.location, page, len(hashes)))
    assert len(seen) == len({one[0] for one in seen}), [one[:3] + one[4:] for one in seen]


@pytest.mark.parametrize("name", ["", "evil.example", "https://evil.example", "www.evil.example"])
def test_a_name_that_is_only_an_address_leaves_a_subject(app: Flask, name: str) -> None:
    assert subject_line(f"{name} vouches for you").endswith("vouches for you")
    assert "evil.example" not in subject_line(name)
    assert subject_line(name)


def test_the_operators_word_is_enough(app: Flask) -> None:
    ident = service.add_member("olga", email="olga@example.org")
    assert queries.account_of(ident).email == "olga@example.org"
