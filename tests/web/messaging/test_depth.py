"""Rooms, groups, requests, changes and held messages, by page and API."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.messaging.conversations import queries, service
from app.messaging.groups import service as groups
from app.people.accounts.service import issue_token
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

SignedIn = Callable[[FlaskClient, str], FlaskClient]
Call = Callable[..., Any]
FRAUD = "Log in to confirm: http://paypa1.com/ and send a steam card"


@pytest.fixture
def call(app: Flask) -> Call:
    def send(token: str, method: str, path: str, **json: Any) -> Any:
        return app.test_client().open(
            f"/api/v1{path}", method=method, json=json or None, headers={"Authorization": f"Bearer {token}"}
        )

    return send


@pytest.fixture
def friends(member: MemberFactory) -> tuple[int, int]:
    ana, bo = member("ana"), member("bo")
    vouch(ana, bo, "trust")
    vouch(bo, ana, "trust")
    return ana, bo


def token_of(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def picture() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (320, 240), "#336699").save(data, "PNG")
    data.seek(0)
    return data


def test_changes_by_api(friends: tuple[int, int], call: Call, member: MemberFactory) -> None:
    ana, bo = (issue_token(one) for one in friends)
    cem = issue_token(member("cem"))
    ident = call(ana, "POST", "/conversations", members=["bo"]).json["id"]
    path = f"/conversations/{ident}/messages"
    first = call(ana, "POST", path, client_id="a", body="Is it oak?").json
    answer = call(bo, "POST", path, client_id="b", body="Yes", reply_to=1).json
    assert answer["reply_to"] == {"seq": 1, "author": "ana", "excerpt": "Is it oak?"}
    edited = call(ana, "PATCH", f"/messages/{first['id']}", body="Is it beech?")
    assert (edited.status_code, edited.json["body"], edited.json["change_seq"]) == (200, "Is it beech?", 1)
    assert call(bo, "GET", f"/messages/{first['id']}/history").json["items"][0]["body"] == "Is it oak?"
    reacted = call(bo, "PUT", f"/messages/{first['id']}/reactions/👍").json
    assert reacted["reactions"] == [{"emoji": "👍", "members": ["bo"]}]
    assert call(bo, "DELETE", f"/messages/{first['id']}/reactions/👍").json["reactions"] == []
    assert call(bo, "DELETE", f"/messages/{first['id']}").status_code == 403
    assert call(cem, "DELETE", f"/messages/{first['id']}").status_code == 404
    assert call(ana, "DELETE", f"/messages/{first['id']}").status_code == 204
    changed = call(bo, "GET", f"{path}?after_change=0").json["items"]
    assert [(one["seq"], one["deleted"], one["change_seq"]) for one in changed] == [
        (1, True, 4),
        (2, False, 5),  # it begins with the words that are gone
    ]
    assert [one["seq"] for one in call(ana, "GET", "/messages/search?q=yes").json["items"]] == [2]
    assert call(cem, "GET", "/messages/search?q=yes").json["items"] == []


def test_rooms_and_groups_by_api(friends: tuple[int, int], call: Call, member: MemberFactory) -> None:
    ana, bo = (issue_token(one) for one in friends)
    member("cem")
    group = call(ana, "POST", "/conversations", members=["bo", "cem"], title="Three")
    assert (group.status_code, group.json["kind"], group.json["title"]) == (201, "group", "Three")
    ident = group.json["id"]
    member("dee")
    assert call(ana, "POST", f"/conversations/{ident}/members", members=["dee"]).json == {"added": 1}
    assert call(ana, "DELETE", f"/conversations/{ident}/members/cem").status_code == 204
    assert call(bo, "DELETE", f"/conversations/{ident}/members/bo").status_code == 204
    assert call(bo, "GET", f"/conversations/{ident}/messages").status_code == 404
    room = call(ana, "POST", "/rooms", title="Bikes", place="Lund")
    assert (room.status_code, room.json["inside"], room.json["people"]) == (201, True, 1)
    (found,) = call(bo, "GET", "/rooms?q=lund").json["items"]
    assert (found["title"], found["inside"], found["trusted"], found["path"]) == ("Bikes", False, 1, ["bo", "ana"])
    assert call(bo, "POST", f"/rooms/{found['id']}/join").json["inside"]
    assert call(bo, "POST", "/rooms", title=" ").status_code == 422


def test_requests_by_api(call: Call, member: MemberFactory) -> None:
    ana, bo = issue_token(member("ana")), issue_token(member("bo"))
    ident = call(ana, "POST", "/conversations", members=["bo"]).json["id"]
    call(ana, "POST", f"/conversations/{ident}/messages", client_id="a", body="Hello")
    assert call(bo, "GET", "/conversations").json["items"][0]["request"] is True
    assert call(bo, "POST", f"/conversations/{ident}/accept").status_code == 204
    assert call(bo, "GET", "/conversations").json["items"][0]["request"] is False
    other = issue_token(member("cem"))
    ident = call(other, "POST", "/conversations", members=["bo"]).json["id"]
    call(other, "POST", f"/conversations/{ident}/messages", client_id="a", body="Hello")
    assert call(bo, "POST", f"/conversations/{ident}/decline").status_code == 204
    assert len(call(bo, "GET", "/conversations").json["items"]) == 1


@pytest.mark.parametrize(
    "more",
    [{"reply_to": "1"}, {"reply_to": 0}, {"reply_to": 7}, {"photos": "x"}, {"photos": ["no_p"]}, {"photos": ["x1"]}],
)
def test_odd_attachments_are_refused(friends: tuple[int, int], call: Call, more: dict[str, Any]) -> None:
    ana = issue_token(friends[0])
    ident = call(ana, "POST", "/conversations", members=["bo"]).json["id"]
    answer = call(ana, "POST", f"/conversations/{ident}/messages", client_id="a", body="x", **more)
    assert answer.status_code == 422
    assert answer.json["code"]


@pytest.mark.parametrize("body", ["x" * 10_001, "\u202e\u2066", "\x00", "  \n ", "\u200b\u200d\ufeff"])
def test_what_is_too_long_or_empty_is_refused_in_words(friends: tuple[int, int], call: Call, body: str) -> None:
    ana = issue_token(friends[0])
    ident = call(ana, "POST", "/conversations", members=["bo"]).json["id"]
    answer = call(ana, "POST", f"/conversations/{ident}/messages", client_id="a", body=body)
    assert answer.status_code in {201, 422}
    if answer.status_code == 422:
        assert answer.json["detail"]
    assert "\u202e" not in answer.text


def test_a_photo_in_a_message_without_words(app: Flask, friends: tuple[int, int], signed_in: SignedIn) -> None:
    ana, bo = friends
    ident, _ = service.start_conversation(ana, [bo])
    client = signed_in(app.test_client(), "ana")
    token = token_of(client.get(f"/messages/{ident}").text)
    data = {"csrf_token": token, "client_id": "p", "body": "", "photos": [(picture(), "lamp.png")]}
    assert client.post(f"/messages/{ident}", data=data).status_code == 303
    (said,) = queries.messages_after(ident, 0)
    assert (said.body, len(said.photos), said.photos[0].width) == ("", 1, 320)
    assert said.photos[0].url in signed_in(app.test_client(), "bo").get(f"/messages/{ident}").text
    bad = {"csrf_token": token, "client_id": "q", "photos": [(BytesIO(b"<svg/>"), "x.svg")]}
    assert client.post(f"/messages/{ident}", data=bad).status_code == 422


def test_an_own_link_is_a_card_only_for_who_may_see_it(
    app: Flask, friends: tuple[int, int], signed_in: SignedIn, member: MemberFactory
) -> None:
    from app.people.blocks.service import block

    ana, bo = friends
    cem = member("cem")
    vouch(cem, ana, "trust")
    group, _ = service.start_conversation(ana, [bo, cem])
    service.send_message(ana, group, "x", "look at /m/bo and https://evil.example/m/bo and /m/nobody_here")
    page = signed_in(app.test_client(), "bo").get(f"/messages/{group}").text
    assert page.count('class="link-card"') == 1
    block(cem, ana)
    hidden = signed_in(app.test_client(), "cem").get(f"/messages/{group}").text
    assert 'class="link-card"' not in hidden
    assert "From someone you blocked" in hidden


def test_moderators_let_through_or_drop(app: Flask, signed_in: SignedIn, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    member("mo", role="moderator")
    ident, _ = service.start_conversation(ana, [bo])
    service.answer_request(bo, ident, accept=True)
    sent = service.send_message(ana, ident, "x", FRAUD)
    reader, author = signed_in(app.test_client(), "bo"), signed_in(app.test_client(), "ana")
    assert "paypa1" not in reader.get(f"/messages/{ident}").text
    assert "a moderator reviews it before" in author.get(f"/messages/{ident}").text
    assert reader.get("/moderation/held").status_code == 403
    mo = signed_in(app.test_client(), "mo")
    page = mo.get("/moderation/held").text
    assert "paypa1" in page
    assert "Held messages (1)" in page
    data = {"csrf_token": token_of(page)}
    without = mo.post(f"/moderation/held/{sent.id}/drop", data=data)
    assert (without.status_code, "Enter a reason" in without.text) == (422, True)
    assert mo.post(f"/moderation/held/{sent.id}/release", data={**data, "reason": "A joke."}).status_code == 303
    twice = mo.post(f"/moderation/held/{sent.id}/drop", data={**data, "reason": "Fraud."})
    assert (twice.status_code, "already reviewed" in twice.text) == (409, True)
    shown = reader.get(f"/messages/{ident}").text
    assert "paypa1" in shown
    assert "Never share codes" in shown or "written to look like another one" in shown
    assert "No held messages" in mo.get("/moderation/held").text


def test_pages_of_rooms_and_people(app: Flask, friends: tuple[int, int], signed_in: SignedIn) -> None:
    client = signed_in(app.test_client(), "ana")
    token = token_of(client.get("/rooms").text)
    assert "No rooms yet" in client.get("/rooms").text
    made = client.post("/rooms/new", data={"csrf_token": token, "title": "Bikes", "place": "Lund", "about": "Mending"})
    assert made.status_code == 303
    room = made.location.rsplit("/", 1)[1]
    other = signed_in(app.test_client(), "bo")
    assert "1 in your circle" in other.get("/rooms?q=bik").text
    assert "1 person in your circle is here" in other.get(f"/rooms/{room}").text
    mine = token_of(other.get("/rooms").text)
    assert other.post(f"/rooms/{room}/join", data={"csrf_token": mine}).status_code == 303
    assert "Ana" in other.get(f"/messages/{room}/people").text
    assert other.post(f"/messages/{room}/leave", data={"csrf_token": mine}).status_code == 303
    assert other.get(f"/messages/{room}").status_code == 404
    assert client.post("/rooms/new", data={"csrf_token": token, "title": ""}).status_code == 422
    group = client.post("/messages/group", data={"csrf_token": token, "handle": ["bo"], "handles": "@nobody_here"})
    assert group.status_code == 404
    quiet = ("/messages/group", "/settings/chat", "/messages/search?q=x", "/messages?show=unread", "/messages/requests")
    for path in quiet:
        assert client.get(path).status_code == 200, path


def test_presence_can_be_switched_off(app: Flask, friends: tuple[int, int], signed_in: SignedIn) -> None:
    from app.messaging.presence.service import seen, set_hidden

    ana, bo = friends
    ident, _ = service.start_conversation(ana, [bo])
    assert seen(bo)
    assert not seen(bo)
    client = signed_in(app.test_client(), "ana")
    assert "presence online" in client.get(f"/messages/{ident}").text
    set_hidden(bo, hidden=True)
    assert not seen(bo)
    assert "data-presence" not in client.get(f"/messages/{ident}").text.split("<ol", 1)[0]


def test_a_conversation_takes_few_statements(app: Flask, friends: tuple[int, int], signed_in: SignedIn) -> None:
    ana, bo = friends
    ident, _ = service.start_conversation(ana, [bo])
    room = groups.open_room(ana, "Bikes")
    for n in range(40):
        service.send_message(ana if n % 2 else bo, ident, f"c{n}", f"text {n}")
        service.send_message(ana, room, f"c{n}", f"text {n}")
    client = signed_in(app.test_client(), "bo")
    mine = signed_in(app.test_client(), "ana")
    pages = ((client, f"/messages/{ident}", 8), (client, "/messages", 8), (mine, f"/messages/{room}", 9))
    for reader, path, most in pages:
        reader.get(path)
        with statements() as sent:
            assert reader.get(path).status_code == 200
        assert len(sent) <= most, "\n".join(map(str, sent))
