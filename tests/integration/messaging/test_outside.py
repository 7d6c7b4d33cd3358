"""Whoever has left a group or room, or was sent away, comes back in through no door: socket, page, API, bell.

The doors of a conversation of two stand beside every relation in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.messaging.conversations import changes, queries, service
from app.messaging.groups import service as groups
from app.notifications.inbox.queries import list_lines, unread_count
from app.notifications.inbox.service import mark_read
from app.people.accounts.service import issue_token, suspend
from app.people.blocks.service import block
from app.platform import realtime
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SECRET = "karmesin"  # a word that only those inside may read
SOUGHT = "zinnober"  # and one that stands beside it
SignedIn = Callable[[FlaskClient, str], FlaskClient]


class Doors:
    """All that one member can try."""

    def __init__(self, app: Flask, signed_in: SignedIn, handle: str, token: str) -> None:
        self.browser = signed_in(app.test_client(), handle)
        self.program = app.test_client()
        self.head = {"Authorization": f"Bearer {token}"}
        self.socket: Any = realtime.socketio.test_client(app, auth={"token": token})

    def page(self, method: str, path: str, **form: str) -> TestResponse:
        return self.browser.open(path, method=method, data=form or None)

    def api(self, method: str, path: str, **sent: object) -> TestResponse:
        return self.program.open(
            f"/api/v1{path}", method=method, headers=self.head, json=sent if method != "GET" else None
        )

    def ask(self, event: str, **data: object) -> str:
        """The code of the refusal, or nothing."""
        answer: dict[str, Any] = self.socket.emit(event, data, callback=True)
        db.session.rollback()
        return "" if answer["ok"] else str(answer["code"])


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", ["group", "room"])
@pytest.mark.parametrize("relation", ["left", "removed"])
def test_whoever_is_outside_comes_through_no_door(
    relation: str, kind: str, app: Flask, member: MemberFactory, signed_in: SignedIn
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    ana, bo, cem = (member(handle) for handle in ("ana", "bo", "cem"))
    for one in (bo, cem):
        vouch(one, ana, "trust")
        vouch(ana, one, "trust")
        vouch(bo if one == cem else cem, one, "trust")
    if kind == "group":
        place, _ = service.start_conversation(ana, [bo, cem], title="Three")
    else:
        place = groups.open_room(ana, "Three")
        groups.join_room(bo, place)
        groups.join_room(cem, place)
    run_reactions()
    db.session.rollback()
    mark_read(bo)
    own = service.send_message(bo, place, "b", "mine")
    said = service.send_message(cem, place, "c", f"{SOUGHT} {SECRET} one @bo")
    changes.edit_message(cem, said.id, f"{SOUGHT} {SECRET} two @bo")
    run_reactions()
    db.session.rollback()
    assert unread_count(bo) > 0
    token = issue_token(bo)
    if relation == "left":
        groups.leave(bo, place)
    else:
        groups.remove_person(ana, place, bo)
    last = service.send_message(cem, place, "d", f"{SOUGHT} {SECRET} three @bo")
    run_reactions()
    db.session.rollback()
    doors = Doors(app, signed_in, "bo", token)
    at = f"/messages/{place}"
    tried = [
        ("GET", at, {}),
        ("POST", at, {"body": "again"}),
        ("POST", f"{at}/photos", {}),
        ("POST", f"{at}/accept", {}),
        ("POST", f"{at}/decline", {}),
        ("POST", f"{at}/mute", {"muted": "1"}),
        ("POST", f"{at}/remove/{own.id}", {}),
        ("POST", f"{at}/react/{said.id}", {"emoji": "👍"}),
        ("GET", f"{at}/edit/{own.id}", {}),
        ("POST", f"{at}/edit/{own.id}", {"body": "else"}),
        ("GET", f"{at}/history/{said.id}", {}),
        ("GET", f"{at}/row/{said.seq}", {}),
        ("GET", f"{at}/people", {}),
        ("POST", f"{at}/people", {"handle": "cem"}),
        ("POST", f"{at}/people/cem/remove", {}),
        ("POST", f"{at}/rename", {"title": "Mine"}),
        ("POST", f"{at}/leave", {}),
    ]
    let_in = [(how, path) for how, path, form in tried if doors.page(how, path, **form).status_code != 404]
    calls: list[tuple[str, str, dict[str, object]]] = [
        ("GET", f"/conversations/{place}/messages", {}),
        ("GET", f"/conversations/{place}/messages?after_change=0", {}),
        ("POST", f"/conversations/{place}/messages", {"client_id": "e", "body": "again"}),
        ("POST", f"/conversations/{place}/accept", {}),
        ("POST", f"/conversations/{place}/decline", {}),
        ("PUT", f"/conversations/{place}/muted", {"muted": True}),
        ("POST", f"/conversations/{place}/photos", {}),
        ("POST", f"/conversations/{place}/members", {"members": ["cem"]}),
        ("DELETE", f"/conversations/{place}/members/cem", {}),
        ("DELETE", f"/conversations/{place}/members/bo", {}),
        ("PATCH", f"/messages/{own.id}", {"body": "else"}),
        ("DELETE", f"/messages/{own.id}", {}),
        ("GET", f"/messages/{said.id}/history", {}),
        ("PUT", f"/messages/{said.id}/reactions/👍", {}),
    ]
    let_in += [(how, path) for how, path, sent in calls if doors.api(how, path, **sent).status_code != 404]
    events: dict[str, dict[str, object]] = {
        "conversation:join": {"after_seq": 0},
        "message:send": {"client_id": "f", "body": "again"},
        "conversation:read": {"seq": 99},
        "conversation:typing": {},
        "presence:here": {},
    }
    refused = {name: doors.ask(name, conversation=place, **data) for name, data in events.items()}
    let_in += [("socket", name) for name, code in refused.items() if code != "not_found"]
    pages = ("/messages", f"/messages/search?q={SOUGHT}", "/notifications", f"/search?q={SOUGHT}")
    lists = ("/conversations", f"/messages/search?q={SOUGHT}", "/notifications")
    read = [doors.page("GET", path) for path in pages] + [doors.api("GET", path) for path in lists]
    assert {one.status_code for one in read} == {200}
    leaks = [one.request.path for one in read if SECRET in one.text or place in one.text]
    if doors.socket.is_connected():
        leaks += ["socket"] if SECRET in str(doors.socket.get_received()) else []
    assert (let_in, leaks) == ([], [])
    assert SECRET in queries.get_message(last.id).body
    assert unread_count(bo) == 0
    assert [one for one in list_lines(bo).items if one.newest.subject.kind == "conversation"] == []


@pytest.mark.databases("sqlite")
def test_what_a_removed_message_told_of_is_no_news(member: MemberFactory) -> None:
    """Whoever was spoken to in it has nothing to go to any more, whether they were told before or not."""
    ana, bo = member("ana"), member("bo")
    vouch(bo, ana, "trust")
    vouch(ana, bo, "trust")
    place, _ = service.start_conversation(ana, [bo])
    run_reactions()
    db.session.rollback()
    mark_read(bo)
    for told_before in (True, False):
        said = service.send_message(ana, place, f"told {told_before}", "@bo look")
        if told_before:
            run_reactions()
            db.session.rollback()
            assert unread_count(bo) > 0
        changes.remove_message(ana, said.id)
        run_reactions()
        db.session.rollback()
        assert unread_count(bo) == 0
        assert "mention" not in [line.newest.kind for line in list_lines(bo).items]


# (read the page, write there, read over the API, write over it): the answers for Bo, who began it.
TWO: dict[str, tuple[int, int, int, int]] = {
    "inside": (200, 303, 200, 201),
    "requested": (200, 303, 200, 201),
    "declined": (200, 303, 200, 201),
    "blocked": (200, 403, 200, 403),
    "blocker": (200, 403, 200, 403),
    "suspended": (302, 401, 401, 401),
}


@pytest.mark.databases("sqlite")
def test_page_and_api_of_two_beside_every_relation(app: Flask, member: MemberFactory, signed_in: SignedIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    moderator = member("mo", role="moderator")
    wrong = []
    for number, (relation, due) in enumerate(TWO.items()):
        ana, bo = member(f"ana{number}"), member(f"bo{number}")
        place, _ = service.start_conversation(bo, [ana])
        service.send_message(bo, place, "x", "hello")
        if relation == "declined":
            service.answer_request(ana, place, accept=False)
        elif relation != "requested":
            service.answer_request(ana, place, accept=True)
            service.send_message(ana, place, "y", "hello")
        doors = Doors(app, signed_in, f"bo{number}", issue_token(bo))
        if relation == "blocked":
            block(ana, bo)
        elif relation == "blocker":
            block(bo, ana)
        elif relation == "suspended":
            suspend(moderator, bo)
        run_reactions()
        at, messages = f"/messages/{place}", f"/conversations/{place}/messages"
        page = doors.page("GET", at)
        found = (
            page.status_code,
            doors.page("POST", at, body="again", client_id="p").status_code,
            doors.api("GET", messages).status_code,
            doors.api("POST", messages, client_id="q", body="once more").status_code,
        )
        if found != due:
            wrong.append((relation, found, due))
        if page.status_code == 200 and ("<textarea" in page.text) != (relation == "inside"):
            wrong.append((relation, "field", due))
    assert wrong == []
