"""The matrix, by form and by API, and the link that ends what a mail began."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.subjects import Subject
from app.notifications.delivery.models import DeliveryRow
from app.notifications.delivery.queries import unsubscribe_token
from app.notifications.delivery.rendering import DIGEST
from app.notifications.inbox.queries import unread_count
from app.notifications.inbox.service import notify
from app.notifications.kinds.values import HELPFUL, KINDS, MESSAGE, SIGNED_IN, VOUCH, Channel, Group, Pace
from app.notifications.preferences.queries import wishes_of
from app.people.accounts.service import issue_token
from app.platform.database import db, unit_of_work
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.push_service import Browser

SignedIn = Callable[[FlaskClient, str], FlaskClient]


def csrf(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def test_the_form_keeps_what_was_chosen(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    bo = member("bo")
    browser = signed_in(app.test_client(), "bo")
    shown = browser.get("/settings/notifications").text
    assert "Someone vouches for me" in shown
    assert "signed_in.email" not in shown  # fixed: nothing to choose
    form = {
        "csrf_token": csrf(shown), "vouch.page": "off", "vouch.email": "weekly", "message.push": "off",
        "signed_in.email": "off", "timezone": "Europe/Lisbon", "quiet": "1", "quiet_from": "22:15",
        "quiet_until": "06:45",
    }  # fmt: skip
    assert browser.post("/settings/notifications", data=form).status_code == 303
    wishes = wishes_of(bo)
    assert wishes.pace(VOUCH, Channel.PAGE) is Pace.OFF
    assert wishes.pace(VOUCH, Channel.EMAIL) is Pace.WEEKLY
    assert wishes.pace(MESSAGE, Channel.PUSH) is Pace.OFF
    assert wishes.pace(SIGNED_IN, Channel.EMAIL) is Pace.NOW
    assert (wishes.day.timezone, wishes.day.quiet_from, wishes.day.quiet_until) == ("Europe/Lisbon", 1335, 405)
    again = browser.get("/settings/notifications").text
    assert 'value="22:15"' in again
    assert "<option selected>Europe/Lisbon" in again


def test_a_switch_speaks_for_its_group_without_javascript(
    app: Flask, member: MemberFactory, signed_in: SignedIn
) -> None:
    bo = member("bo")
    browser = signed_in(app.test_client(), "bo")
    page = browser.get("/settings/notifications").text

    def sent(page: str, **more: str) -> dict[str, str]:
        """All that a browser sends of the page, with what was changed."""
        selects = re.findall(r'name="([\w.]+)">(.*?)</select>', page, re.DOTALL)
        form = {name: re.findall(r'value="(\w+)" selected', options)[0] for name, options in selects if "." in name}
        form |= dict.fromkeys(re.findall(r'name="(all\.[\w.]+)"[^>]*checked', page), "1")
        filled = re.findall(r'name="filled" value="([^"]*)"', page)[0]
        form |= {"csrf_token": csrf(page), "filled": filled, "switches": "1", "timezone": "UTC",
                 "quiet_from": "22:00", "quiet_until": "07:00"}  # fmt: skip
        return {name: text for name, text in (form | more).items() if text}

    assert 'name="all.security.' not in page
    assert sent(page)["all.people.email"] == "1"
    # Off for all of the group, and for no other.
    browser.post("/settings/notifications", data=sent(page, **{"all.people.email": ""}))
    people = [kind.name for kind in KINDS.values() if kind.group is Group.PEOPLE]
    assert {wishes_of(bo).pace(name, Channel.EMAIL) for name in people} == {Pace.OFF}
    assert set(wishes_of(bo).chosen) == {(name, "email") for name in people}
    # On again: as it is usual.
    page = browser.get("/settings/notifications").text
    assert "all.people.email" not in sent(page)
    browser.post("/settings/notifications", data=sent(page, **{"all.people.email": "1"}))
    assert wishes_of(bo).chosen == {}
    # One that is left on alone keeps the switch on, and is kept.
    page = browser.get("/settings/notifications").text
    off = {f"{name}.push": "off" for name in people if name != VOUCH}
    browser.post("/settings/notifications", data=sent(page, **off))
    assert wishes_of(bo).pace(VOUCH, Channel.PUSH) is Pace.NOW
    assert sent(browser.get("/settings/notifications").text)["all.people.push"] == "1"


@pytest.mark.parametrize(
    ("field", "value"),
    [("timezone", "Atlantis/City"), ("vouch.email", "hourly"), ("vouch.page", "daily"), ("quiet_from", "25:00")],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    app: Flask, member: MemberFactory, signed_in: SignedIn, field: str, value: str
) -> None:
    bo = member("bo")
    browser = signed_in(app.test_client(), "bo")
    form = {
        "csrf_token": csrf(browser.get("/settings/notifications").text), "joined.email": "weekly",
        "timezone": "UTC", "quiet": "1", "quiet_from": "22:00", "quiet_until": "07:00", field: value,
    }  # fmt: skip
    answer = browser.post("/settings/notifications", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert re.search(r'name="joined.email">.*?value="weekly" selected', answer.text, re.DOTALL)
    assert wishes_of(bo).chosen == {}


def test_a_kind_without_a_line_in_the_page(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    ana, bo = member("ana"), member("bo")
    token = issue_token(bo)
    headers = {"Authorization": f"Bearer {token}"}
    change = {"preferences": {"vouch": {"page": "off"}}}
    assert app.test_client().put("/api/v1/notifications/preferences", json=change, headers=headers).status_code == 200
    notify(bo, VOUCH, Subject("member", str(ana)), actor_id=ana)
    assert unread_count(bo) == 0
    # The mail goes out all the same.
    assert db.session.query(DeliveryRow).count() == 1
    browser = signed_in(app.test_client(), "bo")
    assert "Nothing new yet" in browser.get("/notifications").text


def test_api(app: Flask, member: MemberFactory) -> None:
    token = issue_token(member("bo"))

    def call(method: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().open("/api/v1/notifications/preferences", method=method, headers=headers, **more)

    first = call("GET").json
    assert first["preferences"]["signed_in"] == {"fixed": True, "page": "now", "email": "now", "push": "now"}
    assert first["quiet_hours"] is None
    change = {
        "preferences": {"ask": {"email": "off"}, "signed_in": first["preferences"]["signed_in"]},
        "timezone": "America/Lima",
        "quiet_hours": {"from": "23:00", "until": "06:00"},
    }
    assert call("PUT", json=change).status_code == 200
    now = call("GET").json
    assert now["preferences"]["ask"]["email"] == "off"
    assert now["preferences"]["vouch"] == first["preferences"]["vouch"]
    assert now["quiet_hours"] == {"from": "23:00", "until": "06:00"}
    assert call("PUT", json={"quiet_hours": None}).json["timezone"] == "America/Lima"
    assert call("PUT", json=now).json == now
    for wrong in (
        {"preferences": {"nothing": {"email": "off"}}}, {"preferences": {"ask": {"email": "hourly"}}},
        {"preferences": {"ask": {"pigeon": "now"}}}, {"preferences": {"ask": []}}, {"preferences": []},
        {"preferences": {"signed_in": {"email": "off"}}}, {"timezone": 5}, {"timezone": "Nowhere"},
        {"quiet_hours": {"from": "1"}}, {"quiet_hours": 5}, {"preferences": {"ask": {"page": ["off"]}}}, [],
    ):  # fmt: skip
        assert call("PUT", json=wrong).status_code == 422, wrong
    assert call("GET").json["preferences"]["ask"]["email"] == "off"
    assert app.test_client().get("/api/v1/notifications/preferences").status_code == 401


def test_one_click_needs_neither_session_nor_token(app: Flask, member: MemberFactory) -> None:
    bo = member("bo")
    stranger = app.test_client()
    path = f"/unsubscribe/{unsubscribe_token(bo, MESSAGE, 'email')}"
    page = stranger.get(path)
    assert '<form method="post">' in page.text
    assert wishes_of(bo).pace(MESSAGE, Channel.EMAIL) is Pace.NOW  # scanners only look
    assert stranger.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wishes_of(bo).pace(MESSAGE, Channel.EMAIL) is Pace.OFF
    assert wishes_of(bo).pace(MESSAGE, Channel.PUSH) is Pace.NOW
    assert stranger.post(path).status_code == 200
    assert stranger.post(path[:-3] + "abc").status_code == 404
    assert stranger.get("/unsubscribe/x").status_code == 404


def test_the_link_of_a_digest_ends_digests(app: Flask, member: MemberFactory) -> None:
    bo = member("bo")
    app.test_client().post(f"/unsubscribe/{unsubscribe_token(bo, DIGEST, 'email')}")
    wishes = wishes_of(bo)
    assert wishes.pace(HELPFUL, Channel.EMAIL) is Pace.OFF
    assert wishes.pace(MESSAGE, Channel.EMAIL) is Pace.NOW


def test_security_is_not_ended_by_a_link(app: Flask, member: MemberFactory) -> None:
    bo = member("bo")
    app.test_client().post(f"/unsubscribe/{unsubscribe_token(bo, SIGNED_IN, 'email')}")
    assert wishes_of(bo).pace(SIGNED_IN, Channel.EMAIL) is Pace.NOW


def test_a_device_is_added_seen_and_removed(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    member("bo")
    browser = signed_in(app.test_client(), "bo")
    token = csrf(browser.get("/settings/notifications").text)
    keys = Browser("https://push.example.com/abc")
    body = {"endpoint": keys.endpoint, "keys": {"p256dh": keys.p256dh, "auth": keys.auth}, "expirationTime": None}
    headers = {"X-CSRFToken": token, "User-Agent": "Firefox/150.0 Linux"}

    def send(path: str = "", **more: Any) -> Any:
        return browser.post(f"/settings/notifications/devices{path}", headers=headers, **more)

    assert browser.post("/settings/notifications/devices", json=body).status_code == 400
    assert send(json=body).status_code == 201
    inside = {**body, "endpoint": "https://192.168.0.1/x"}
    assert send(json=inside).json["code"] == "bad_endpoint"
    for wrong in ({}, [], {"endpoint": 5, "keys": {}}, {**body, "keys": {"p256dh": "x", "auth": "y"}}):
        assert send(json=wrong).status_code == 422
    shown = browser.get("/settings/notifications").text
    assert "Firefox, Linux" in shown
    ident = re.search(r"/devices/([0-9a-z]{26})/remove", shown)
    assert ident
    assert send(f"/{ident[1]}/remove", data={"csrf_token": token}).status_code == 303
    assert "Firefox, Linux" not in browser.get("/settings/notifications").text
    assert send(json=body).status_code == 201
    assert send("/gone", json={"endpoint": keys.endpoint}).status_code == 204
    assert "Firefox, Linux" not in browser.get("/settings/notifications").text


def test_the_operator_sees_what_was_given_up(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    ana, bo = member("ana"), member("bo")
    member("olga", role="operator")
    vouch(ana, bo, "trust")
    notify(bo, MESSAGE, Subject("conversation", "c1"), actor_id=ana)
    with unit_of_work():
        db.session.query(DeliveryRow).update({"state": "parked", "error": "550 <b>no</b>", "tries": 1})
    operator = signed_in(app.test_client(), "olga")
    shown = operator.get("/operator/deliveries").text
    assert "550 &lt;b&gt;no" in shown
    assert "New messages</h2>" in shown
    ident = db.session.query(DeliveryRow.id).scalar()
    form = {"csrf_token": csrf(shown), "do": "again"}
    assert operator.post(f"/operator/deliveries/{ident}", data=form).status_code == 303
    assert "Nothing failed" in operator.get("/operator/deliveries").text
    assert signed_in(app.test_client(), "bo").get("/operator/deliveries").status_code == 403


def test_opening_its_page_reads_it_looking_ahead_does_not(
    app: Flask, member: MemberFactory, signed_in: SignedIn
) -> None:
    ana, bo = member("ana"), member("bo")
    notify(bo, VOUCH, Subject("member", str(ana)), key="vouch", actor_id=ana)
    browser = signed_in(app.test_client(), "bo")
    browser.get("/m/ana", headers={"Sec-Purpose": "prefetch;prerender"})
    browser.head("/m/ana")
    browser.get("/m/nobody")
    assert unread_count(bo) == 1
    browser.get("/m/ana")
    assert unread_count(bo) == 0
    # By the line itself as well, and a letter is read where it stands.
    data = {"title": "Lamp", "text": "It was <b>removed</b>."}
    notify(bo, "moderated", Subject("listing", "l1"), data=data)
    line = re.search(r'href="(/notifications/[0-9a-z]{26})"', browser.get("/notifications").text)
    assert line
    browser.get(line[1], headers={"Purpose": "prefetch"})
    assert unread_count(bo) == 1
    assert "It was &lt;b&gt;removed&lt;/b&gt;." in browser.get(line[1]).text
    assert unread_count(bo) == 0
    assert signed_in(app.test_client(), "ana").get(line[1]).status_code == 404
