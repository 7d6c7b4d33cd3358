"""The pages of conversations, without JavaScript, and the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.messaging.conversations import changes, queries, service
from app.people.accounts.service import issue_token
from tests.support.people import MemberFactory

SignedIn = Callable[[FlaskClient, str], FlaskClient]


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, f"no field {name}"
    return found[1]


@pytest.fixture
def ana(app: Flask, member: MemberFactory, signed_in: SignedIn) -> FlaskClient:
    member("ana")
    return signed_in(app.test_client(), "ana")


def test_empty_list_names_the_next_action(ana: FlaskClient) -> None:
    page = ana.get("/messages")
    assert page.status_code == 200
    assert "No conversations yet" in page.text
    assert 'href="/market"' in page.text


def test_visitors_are_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/messages").status_code == 302
    assert client.get("/messages/x").status_code == 302


def test_write_from_a_profile_and_read(
    app: Flask, ana: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    bo_id = member("bo", name="Bo Berg")
    token = field(ana.get("/messages").text + ana.get("/settings/account").text, "csrf_token")
    opened = ana.post("/messages/new", data={"handle": "bo", "csrf_token": token})
    assert opened.status_code == 303
    where = opened.location
    page = ana.get(where)
    assert "Bo Berg" in page.text
    sent = ana.post(
        where,
        data={
            "csrf_token": field(page.text, "csrf_token"),
            "client_id": field(page.text, "client_id"),
            "body": "**Hello** <b>Bo</b>",
        },
    )
    assert sent.status_code == 303
    waiting = ana.get(where).text
    assert "Request sent." in waiting
    assert "<textarea" not in waiting
    bo = signed_in(app.test_client(), "bo")
    overview = bo.get("/messages").text
    assert "Requests (1)" in overview
    assert 'data-badge="messages" hidden' in overview
    assert "Hello" in bo.get("/messages/requests").text
    request_page = bo.get(where).text
    assert "You aren’t connected." in request_page
    assert "data-conversation=" not in request_page
    assert queries.list_conversations(bo_id).items == []
    bo.post(f"{where}/accept", data={"csrf_token": field(request_page, "csrf_token")})
    overview = bo.get("/messages").text
    assert "Hello" in overview
    assert 'data-badge="messages">1<' in overview
    shown = bo.get(where).text
    assert "<strong>Hello</strong> &lt;b&gt;Bo&lt;/b&gt;" in shown
    assert 'data-badge="messages" hidden' in bo.get("/messages").text
    assert queries.list_conversations(bo_id).items[0].unread == 0


def test_a_refused_message_keeps_the_draft(ana: FlaskClient, member: MemberFactory) -> None:
    token = field(ana.get("/settings/account").text, "csrf_token")
    member("bo")
    where = ana.post("/messages/new", data={"handle": "bo", "csrf_token": token}).location
    long = "word " * 900
    answer = ana.post(where, data={"csrf_token": token, "client_id": "x", "body": long})
    assert answer.status_code == 422
    assert "too long" in answer.text
    assert "word word" in answer.text


def test_strangers_see_no_trace_of_a_conversation(
    app: Flask, ana: FlaskClient, member: MemberFactory, signed_in: SignedIn
) -> None:
    ident, _ = service.start_conversation(member("bo"), [member("cem")])
    service.send_message(member_id(app, "bo"), ident, "x", "just for Cem")
    page = ana.get(f"/messages/{ident}")
    assert page.status_code == 404
    assert "just for Cem" not in page.text


def member_id(app: Flask, handle: str) -> int:
    from app.people.accounts.queries import member_id as find

    with app.app_context():
        return find(handle)


@pytest.fixture
def call(app: Flask) -> Callable[..., Any]:
    def send(token: str, method: str, path: str, **json: Any) -> Any:
        return app.test_client().open(
            f"/api/v1{path}",
            method=method,
            json=json or None,
            headers={"Authorization": f"Bearer {token}"},
        )

    return send


def test_api_as_in_the_contract(member: MemberFactory, call: Callable[..., Any]) -> None:
    ana, bo, cem = (issue_token(member(name)) for name in ("ana", "bo", "cem"))
    made = call(ana, "POST", "/conversations", members=["bo"])
    assert made.status_code == 201
    ident = made.json["id"]
    again = call(bo, "POST", "/conversations", members=["ana"])
    assert (again.status_code, again.json["id"]) == (200, ident)
    path = f"/conversations/{ident}/messages"
    for n in range(3):
        sent = call(ana, "POST", path, client_id=f"c{n}", body=f"**text** {n}")
        assert (sent.status_code, sent.json["seq"]) == (201, n + 1)
    repeated = call(ana, "POST", path, client_id="c0", body="other")
    assert (repeated.status_code, repeated.json["seq"], repeated.json["body"]) == (200, 1, "**text** 0")
    found = call(bo, "GET", f"{path}?after_seq=1&limit=1").json
    assert [one["seq"] for one in found["items"]] == [2]
    rest = call(bo, "GET", f"{path}?limit=1&cursor={found['next']}").json
    assert ([one["seq"] for one in rest["items"]], rest["next"]) == ([3], None)
    assert set(rest["items"][0]) >= {
        "id",
        "seq",
        "change_seq",
        "client_id",
        "author",
        "body",
        "html",
        "at",
        "edited_at",
        "deleted",
    }
    assert rest["items"][0]["html"] == "<p><strong>text</strong> 2</p>"
    assert call(bo, "GET", "/conversations").json["items"][0]["unread"] == 3
    for method, json in (("GET", {}), ("POST", {"client_id": "x", "body": "y"})):
        refused = call(cem, method, path, **json)
        assert (refused.status_code, refused.json["code"]) == (404, "not_found")


def test_api_gives_what_was_changed(member: MemberFactory, call: Callable[..., Any]) -> None:
    ana, bo = member("ana"), member("bo")
    token = issue_token(bo)
    ident, _ = service.start_conversation(ana, [bo])
    first = service.send_message(ana, ident, "x", "hello")
    assert call(token, "GET", f"/conversations/{ident}/messages?after_change=0").json["items"] == []
    changes.remove_message(ana, first.id)
    (changed,) = call(token, "GET", f"/conversations/{ident}/messages?after_change=0").json["items"]
    assert (changed["deleted"], changed["body"], changed["change_seq"]) == (True, "", 1)
    assert call(token, "GET", f"/conversations/{ident}/messages?after_change=1").json["items"] == []


@pytest.mark.parametrize(
    "body", [{}, {"members": "bo"}, {"members": []}, {"members": ["ana"]}, {"members": ["nobody_here"]}]
)
def test_api_refuses_odd_members(member: MemberFactory, call: Callable[..., Any], body: dict[str, Any]) -> None:
    token = issue_token(member("ana"))
    refused = call(token, "POST", "/conversations", **body)
    assert refused.status_code in {404, 422}
    assert refused.content_type == "application/problem+json"


@pytest.mark.parametrize("query", ["after_seq=-1", "after_seq=x", "cursor=zzz", "limit=0", "after_seq=99999999999"])
def test_api_refuses_odd_places(member: MemberFactory, call: Callable[..., Any], query: str) -> None:
    ana = member("ana")
    ident, _ = service.start_conversation(ana, [member("bo")])
    refused = call(issue_token(ana), "GET", f"/conversations/{ident}/messages?{query}")
    assert refused.status_code == 422
