"""What has happened, and who is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.subjects import Subject
from app.moderation.decisions.service import decide
from app.moderation.reports.service import file_report
from app.notifications.delivery.sending import send_due
from app.notifications.inbox.queries import list_notifications
from app.notifications.inbox.values import Notification
from app.people.accounts import email_change
from app.people.accounts.queries import get_member
from app.people.accounts.service import make_token, record_sign_in
from app.people.data_requests.queries import export_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from tests.support.people import PASSWORD, MemberFactory

SignedIn = Callable[[FlaskClient, str], FlaskClient]


def told(member_id: int) -> list[Notification]:
    run_reactions()
    db.session.rollback()
    return list(list_notifications(member_id).items)


def kinds(member_id: int) -> list[str]:
    return [one.kind for one in told(member_id)]


def mails(app: Flask) -> dict[str, str]:
    """The newest mail of each subject, from the files that stand in for a mail server."""
    from email import message_from_bytes, policy

    found = {}
    for path in sorted((app.config["KIN"].data_dir / "mail").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))  # type: ignore[attr-defined]
        found[f"{message['To']}: {message['Subject']}"] = body.get_content()
    return found


def test_who_added_a_thing_hears_what_others_say(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    item = add_item(ana, kind="product", title="Hario V60", category="Kitchen")
    recommend(ana, item, "recommend", text="Mine.")
    recommend(bo, item, "recommend", text="Good.")
    recommend(bo, item, "neutral", text="Well.")
    (one,) = told(ana)
    assert (one.kind, one.actor_id, one.data["title"]) == ("recommendation", bo, "Hario V60")


def test_a_decision_is_told_to_both_sides_with_its_reason(app: Flask, member: MemberFactory) -> None:
    ana, bo, cem, mo = member("ana"), member("bo"), member("cem"), member("mo", role="moderator")
    item = add_item(ana, kind="product", title="Hario V60", category="Kitchen")
    said = recommend(bo, item, "recommend", text="Buy, buy, buy!")
    report = file_report(ana, Subject("recommendation", said), "paid", "")
    file_report(cem, Subject("recommendation", said), "paid", "")
    decide(mo, report, "remove", "An advertisement without saying so.")
    assert "report_decided" in kinds(ana)
    assert "report_decided" in kinds(cem)
    (one,) = told(bo)
    assert one.kind == "moderated"
    assert "An advertisement without saying so." in one.data["text"]
    assert "Ana" not in one.data["text"]
    send_due()
    text = mails(app)["bo@example.org: A moderator made a decision that affects you"]
    assert "An advertisement without saying so." in text


def test_who_is_suspended_still_learns_why(app: Flask, member: MemberFactory) -> None:
    ana, bo, mo = member("ana"), member("bo"), member("mo", role="moderator")
    report = file_report(ana, Subject("member", "bo"), "scam", "")
    decide(mo, report, "suspend", "Three people paid and got nothing.")
    assert kinds(bo) == ["moderated"]
    send_due()
    text = mails(app)["bo@example.org: A moderator made a decision that affects you"]
    assert "Three people paid and got nothing." in text


def test_a_dismissed_report_is_no_news_for_the_author(member: MemberFactory) -> None:
    ana, bo, mo = member("ana"), member("bo"), member("mo", role="moderator")
    decide(mo, file_report(ana, Subject("member", "bo"), "scam", ""), "dismiss", "Nothing to see.")
    assert kinds(bo) == []
    (one,) = told(ana)
    assert "doesn’t break" in one.data["text"]


def test_a_new_device_is_told_the_first_one_is_not(app: Flask, member: MemberFactory) -> None:
    bo = member("bo")
    record_sign_in(bo, "laptop")
    assert kinds(bo) == []
    record_sign_in(bo, "phone")
    record_sign_in(bo, "laptop")
    record_sign_in(bo, "phone")
    assert kinds(bo) == ["signed_in"]
    assert len(export_member(bo)["accounts"]["devices_first_seen"]) == 2


@pytest.mark.databases("sqlite")
def test_signing_in_by_the_pages(app: Flask, member: MemberFactory) -> None:
    bo = member("bo", password=PASSWORD)

    def enter(browser: FlaskClient) -> None:
        page = browser.get("/login").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        form = {"email": "bo", "password": PASSWORD, "csrf_token": token[1]}
        assert browser.post("/login", data=form).status_code == 302

    laptop, phone = app.test_client(), app.test_client()
    enter(laptop)
    assert laptop.get_cookie("kin_device") is not None
    assert kinds(bo) == []
    enter(phone)
    assert kinds(bo) == ["signed_in"]
    again = app.test_client()
    cookie = phone.get_cookie("kin_device")
    assert cookie is not None
    again.set_cookie("kin_device", cookie.value)
    enter(again)
    assert kinds(bo) == ["signed_in"]


@pytest.mark.databases("sqlite")
def test_a_new_password_is_told_once(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    bo = member("bo", password=PASSWORD)
    browser = signed_in(app.test_client(), "bo")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/settings/password").text)
    assert token
    new = "quite another passphrase"
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new, "csrf_token": token[1]}
    assert browser.post("/settings/password", data=form).status_code == 302
    assert kinds(bo) == ["password_changed"]
    send_due()
    found = [name for name in mails(app) if "password" in name]
    assert found == ["bo@example.org: Your password was changed"]


def test_a_token_made_on_the_site_is_told(member: MemberFactory) -> None:
    bo = member("bo")
    assert make_token(bo).startswith("kin_")
    assert kinds(bo) == ["token_made"]


def link_in(app: Flask, name: str) -> str:
    found = re.search(r"/settings/account/email/(\S+)", mails(app)[name])
    assert found
    return found[1]


def test_another_address_is_confirmed_from_its_mailbox(app: Flask, member: MemberFactory) -> None:
    bo, ana = member("bo", password=PASSWORD), member("ana")
    with pytest.raises(Invalid):
        email_change.ask_for_email(bo, "new@example.org", "not it")
    email_change.ask_for_email(bo, "New@Example.org", PASSWORD)
    assert get_member(bo).email == "bo@example.org"
    token = link_in(app, "new@example.org: Confirm your email address for Kinmarket")
    for wrong in (token[:-2] + "xx", "x"):
        with pytest.raises(NotFound):
            email_change.confirm_email(bo, wrong)
    with pytest.raises(NotFound):
        email_change.confirm_email(ana, token)
    assert email_change.peek_email(bo, token) == "new@example.org"
    assert email_change.confirm_email(bo, token) == "new@example.org"
    assert get_member(bo).email == "new@example.org"
    assert "bo@example.org: Your Kinmarket email address was changed" in mails(app)
    assert kinds(bo) == ["email_changed"]
    with pytest.raises(NotFound):
        email_change.confirm_email(bo, token)


def test_an_address_of_somebody_else_is_not_given_away(app: Flask, member: MemberFactory) -> None:
    bo = member("bo")
    member("ana")
    email_change.ask_for_email(bo, "ana@example.org", None)
    assert "ana@example.org: You already have a Kinmarket account" in mails(app)
    email_change.ask_for_email(bo, "free@example.org", None)
    token = link_in(app, "free@example.org: Confirm your email address for Kinmarket")
    member("cem", email="free@example.org")
    with pytest.raises(DomainError) as refusal:
        email_change.confirm_email(bo, token)
    assert refusal.value.error_code == "email_taken"
    assert get_member(bo).email == "bo@example.org"


@pytest.mark.databases("sqlite")
def test_the_pages_of_the_address(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    bo = member("bo", password=PASSWORD)
    browser = signed_in(app.test_client(), "bo")

    def send(path: str, **form: Any) -> Any:
        token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/settings/account/email").text)
        assert token
        return browser.post(path, data={"csrf_token": token[1], **form})

    wrong = send("/settings/account/email", email="new@example.org", password="no")
    assert wrong.status_code == 422
    assert "Wrong password" in wrong.text
    assert "new@example.org" in wrong.text
    assert send("/settings/account/email", email="nonsense", password=PASSWORD).status_code == 422
    assert send("/settings/account/email", email="new@example.org", password=PASSWORD).status_code == 303
    token = link_in(app, "new@example.org: Confirm your email address for Kinmarket")
    assert "new@example.org" in browser.get(f"/settings/account/email/{token}").text
    assert get_member(bo).email == "bo@example.org"
    assert send(f"/settings/account/email/{token}").status_code == 303
    db.session.rollback()
    assert get_member(bo).email == "new@example.org"
    assert browser.get(f"/settings/account/email/{token}").status_code == 404
