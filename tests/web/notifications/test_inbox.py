"""What a member is told, once, and until it was seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.messaging.conversations import service as chat
from app.notifications.inbox.queries import list_notifications
from app.people.accounts.service import add_member, issue_token
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignedIn = Callable[[FlaskClient, str], FlaskClient]


def kinds(member_id: int) -> list[tuple[str, bool]]:
    run_reactions()
    return [(one.kind, one.read) for one in list_notifications(member_id).items]


def test_a_vouch_is_told_once(member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    assert kinds(bo) == [("vouch", False)]
    vouch(ana, bo, "trust_fully")
    assert kinds(bo) == [("vouch", False)]
    assert kinds(ana) == []


def test_the_inviter_is_told(member: MemberFactory) -> None:
    ana = member("ana")
    add_member("newcomer", inviter_id=ana)
    assert kinds(ana) == [("joined", False)]


def test_messages_are_told_until_they_are_read(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    ana, bo = member("ana"), member("bo")
    ident, _ = chat.start_conversation(ana, [bo])
    chat.answer_request(bo, ident, accept=True)
    for n in range(3):
        chat.send_message(ana, ident, f"c{n}", "hello")
    assert kinds(bo) == [("message", False)]
    page = signed_in(app.test_client(), "bo")
    shown = page.get("/notifications").text
    assert "Ana sent you a message" in shown
    line = re.search(r'href="(/notifications/[0-9a-z]{26})"', shown)
    assert line
    assert page.get(line[1]).headers["Location"] == f"/messages/{ident}"
    assert kinds(bo) == [("message", True)]
    page.get(f"/messages/{ident}")
    assert kinds(bo) == [("message", True)]
    chat.send_message(ana, ident, "later", "hello again")
    assert kinds(bo) == [("message", False)]


def test_page_and_mark_all(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    ana, bo = member("ana"), member("bo")
    page = signed_in(app.test_client(), "bo")
    assert "Nothing new yet" in page.get("/notifications").text
    vouch(ana, bo, "trust")
    run_reactions()
    shown = page.get("/notifications").text
    assert "Ana vouches for you" in shown
    assert 'data-badge="notifications">1<' in shown
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token
    assert page.post("/notifications/read", data={"csrf_token": token[1]}).status_code == 303
    assert kinds(bo) == [("vouch", True)]
    assert 'data-badge="notifications" hidden' in page.get("/notifications").text


def test_api(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    token = issue_token(bo)
    vouch(ana, bo, "trust")
    vouch(member("cem"), bo, "trust")
    run_reactions()

    def call(method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    first = call("GET", "/notifications?limit=1").json
    rest = call("GET", f"/notifications?limit=1&cursor={first['next']}").json
    assert [one["actor"] for one in (*first["items"], *rest["items"])] == ["cem", "ana"]
    assert rest["next"] is None
    one = first["items"][0]
    assert (one["kind"], one["subject_kind"], one["subject_id"], one["read"], one["url"]) == (
        "vouch",
        "member",
        "cem",
        False,
        "/m/cem",
    )
    assert call("POST", "/notifications/read", json={"ids": [one["id"]]}).status_code == 204
    assert [item["read"] for item in call("GET", "/notifications").json["items"]] == [True, False]
    assert call("POST", "/notifications/read").status_code == 204
    assert all(item["read"] for item in call("GET", "/notifications").json["items"])
    assert call("POST", "/notifications/read", json={"ids": "x"}).status_code == 422
    assert app.test_client().get("/api/v1/notifications").status_code == 401
