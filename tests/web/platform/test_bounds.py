"""Hostile numbers, moments, texts and JSON at every door: refused or ignored, never an error of ours.

The doors come from the application's own routes, and what each asks for is seen by watching it ask, so a
new route or parameter is walked without a line here. Three of the walks are on PostgreSQL, which refuses more.
"""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.kernel import pagination
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.conversations.service import send_message, start_conversation
from app.people.accounts.service import issue_token
from app.platform import realtime
from tests.support.access import routes
from tests.support.people import MemberFactory, sign_in

NUMBERS = [10**30, -1, 2**31, 2**63, True, 1e308, "sNaN", "1e999", "²", "0x10", ""]
MOMENTS = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "10000-01-01"]
TEXTS = ["\x00", "\ud800", "x" * 30_000, "\u202e%'"]
JSON_VALUES: list[Any] = [*NUMBERS, *MOMENTS, *TEXTS, None, [], [["x"]], {"a": 1}, 0.1]
ADDRESS_VALUES = [str(one) for one in (*NUMBERS, *MOMENTS, "\x00", "x" * 2000, "\u202e%'")]
RAW_BODIES = [
    "[" * 100_000 + "]" * 100_000,
    '{"a":' * 100_000 + "1" + "}" * 100_000,
    '{"member": NaN, "price": Infinity}',
    '{"price": 1e999}',
    '{"member": "\\ud800", "title": "\\u0000"}',
    '{"seq": ' + "9" * 5000 + "}",
    "not json",
    "",
    "null",
    "7",
    "\ufeff{}",
]


class Town:
    """One community for all doors: who asks, and what exists."""

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        app.config["RATELIMIT_ENABLED"] = False
        member = MemberFactory(app)
        self.app = app
        self.ids = {role: member(f"the_{role}", role=role) for role in ("member", "merchant", "moderator", "operator")}
        other = member("bo")
        ana = self.ids["member"]
        self.room, _new = start_conversation(ana, [other])
        send_message(ana, self.room, "once", "Hello")
        self.item = add_item(ana, kind="product", title="Kettle")
        self.said = recommend(ana, self.item, "recommend", text="good")
        self.listing = publish_listing(ana, ListingDraft(kind="give", title="Lamp", category="home", condition="good"))
        self.clients = {role: self._client(role) for role in self.ids}
        self.tokens = {role: issue_token(ident) for role, ident in self.ids.items()}

    def _client(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        sign_in(self.app, client, f"the_{role}")
        return client

    def role_for(self, rule: Rule) -> str:
        for role, part in (("operator", "/operator"), ("moderator", "/moderation"), ("merchant", "/store")):
            if part in rule.rule:
                return role
        return "member"

    def address(self, rule: Rule, value: str | None = None) -> str:
        """The rule with things that exist, or with a hostile value in every place."""
        real = {"conversation": self.room, "room": self.room, "item": self.item, "listing": self.listing}
        real |= {"recommendation": self.said, "handle": "bo", "topic": "tea"}

        def fill(match: re.Match[str]) -> str:
            word = match.group(0)
            chosen = re.match(r"<any\((\w+)", word)
            if chosen:
                return chosen[1]
            if value is not None:
                return quoted(value)
            return next((one for name, one in real.items() if name in word), "1")

        return re.sub(r"<[^>]+>", fill, rule.rule)

    def ask(self, rule: Rule, method: str, path: str, **more: Any) -> int:
        role = self.role_for(rule)
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if rule.rule.startswith("/api/") else {}
        client = self.app.test_client() if headers else self.clients[role]
        headers |= more.pop("headers", {})
        answer = client.open(path, method=method, headers=headers, **more)
        answer.close()
        return answer.status_code


def quoted(value: str) -> str:
    from urllib.parse import quote

    return quote(value.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture
def town(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Town:
    # The limits are another test's matter; here every door is asked hundreds of times.
    monkeypatch.setattr("app.platform.limits.check_rate", lambda *_args, **_more: None)
    for module in _modules_with("check_rate"):
        monkeypatch.setattr(f"{module}.check_rate", lambda *_args, **_more: None)
    return Town(app)


def _modules_with(name: str) -> Iterator[str]:
    import sys

    for module in list(sys.modules):
        if module.startswith("app.") and hasattr(sys.modules[module], name):
            yield module


def doors(town: Town, *methods: str) -> list[tuple[str, Rule]]:
    """Not the ways out: whoever signs out or is deleted asks no further door."""
    ends = ("/logout", "/signout", "/sign-out", "/settings/delete", "/static/", "/account/delete")
    return [
        (method, rule)
        for method, rule in routes(town.app)
        if method in methods and not any(end in rule.rule for end in ends)
    ]


def _fault(status: int) -> bool:
    return status >= 500


def test_hostile_values_in_the_address(town: Town) -> None:
    faults = []
    known: set[str] = set()
    for method, rule in doors(town, "GET", "POST", "PUT", "PATCH", "DELETE"):
        if not rule.arguments:
            continue
        # What a second method makes of the same address is read by the same lines: half will do.
        values = ADDRESS_VALUES[len(known) % 2 :: 2] if rule.rule in known else ADDRESS_VALUES
        known.add(rule.rule)
        faults += [
            f"{method} {rule.rule} with {value!r:.40}: {status}"
            for value in values
            if _fault(status := town.ask(rule, method, town.address(rule, value)))
        ]
    assert not faults, "\n".join(faults)


class _Watched(MultiDict[str, str]):
    """Notes what is asked for."""

    asked: set[str]

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        type(self).asked.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
        type(self).asked.add(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: str) -> Any:
        type(self).asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        type(self).asked.add(str(key))
        return super().__contains__(key)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    _Watched.asked = set()
    monkeypatch.setattr(Request, "parameter_storage_class", _Watched)
    return _Watched.asked


Kinds = tuple[type, ...]


@pytest.fixture
def cursors(monkeypatch: pytest.MonkeyPatch) -> set[Kinds]:
    """The kinds of what a cursor is made of, as each list asks for them."""
    seen: set[Kinds] = set()
    real = pagination.decode_cursor

    def watch(cursor: str | None, *kinds: type) -> Any:
        seen.add(kinds)
        return real(cursor, *kinds)

    for module in _modules_with("decode_cursor"):
        monkeypatch.setattr(f"{module}.decode_cursor", watch)
    return seen


def _cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _hostile_cursors(kinds: Kinds) -> Iterator[str]:
    good: dict[type, Any] = {str: "01j", int: 5, pagination.Offset: 5, datetime: "2026-06-01T12:00:00+00:00"}
    bad: dict[type, list[Any]] = {
        str: [*TEXTS[:4], *MOMENTS, 7, None],
        int: [10**30, -(10**30), -1, 2**31, 2**63 - 1, 2**63, True, 1.5, "7", None],
        datetime: [*MOMENTS, "\x00", 5, "2026-06-01", "2026-06-01T12:00:00+23:59"],
    }
    bad[pagination.Offset] = bad[int]
    for place, kind in enumerate(kinds):
        for value in bad[kind]:
            yield _cursor(*(value if at == place else good[other] for at, other in enumerate(kinds)))
    yield from ("%%%", "a", _cursor(), "W" * 5000, base64.urlsafe_b64encode(b"[" * 3000).decode())


@pytest.mark.databases("postgres")
def test_hostile_values_in_questions(town: Town, asked: set[str], cursors: set[Kinds]) -> None:
    """What each GET asks for, one hostile value at a time; cursors in the shapes that it takes."""
    faults, walked = [], 0
    for method, rule in doors(town, "GET"):
        path = town.address(rule)
        asked.clear()
        cursors.clear()
        town.ask(rule, method, path)
        shapes = set(cursors)
        for name in sorted(asked):
            # Every second one, another half for each name: all of them are asked of all routes above.
            values = ADDRESS_VALUES[len(name) % 2 :: 2]
            if name in {"cursor", "after"} and shapes:
                values = [one for kinds in shapes for one in _hostile_cursors(kinds)]
            for value in values:
                walked += 1
                status = town.ask(rule, method, f"{path}?{quoted(name)}={quoted(value)}")
                if _fault(status):
                    faults.append(f"{rule.rule}?{name}={value!r:.60}: {status}")
    assert walked > 300, "the watching sees what is asked for"
    assert not faults, "\n".join(faults)


def test_hostile_bodies(town: Town) -> None:
    """Nested without end, not finite, half a character, no JSON at all: at every door that takes a body."""
    faults = [
        f"{method} {rule.rule} with {raw[:30]!r}: {status}"
        for number, (method, rule) in enumerate(doors(town, "POST", "PUT", "PATCH", "DELETE"))
        # Pages read forms: a body of JSON is nothing to them, so a few of them will do for each.
        for raw in RAW_BODIES[slice(None) if rule.rule.startswith("/api/") else slice(number % 4, None, 4)]
        if _fault(status := town.ask(rule, method, town.address(rule), data=raw, content_type="application/json"))
    ]
    assert not faults, "\n".join(faults)


def _words_of(town: Town, rule: Rule) -> list[str]:
    """The names that the door's module speaks of: its fields are among them."""
    view = town.app.view_functions[rule.endpoint]
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    tree = ast.parse(Path(view.__code__.co_filename).read_text())
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return sorted(word for word in words if re.fullmatch(r"[a-z][a-z_]{1,20}", word))


GOOD: dict[str, dict[str, Any]] = {
    "/api/v1/vouches": {"member": "bo", "strength": "trust", "reason": "ours", "topic": "tea", "expires_at": None},
    "/api/v1/items": {"title": "Kettle", "kind": "product", "category": "home", "description": "d", "gtin": None},
    "/api/v1/recommendations": {"item": "", "stance": "recommend", "text": "t", "rating": 4, "disclosure": "none"},
    "/api/v1/listings": {"kind": "sale", "title": "Lamp", "description": "d", "category": "home", "condition": "good",
                         "price": 5, "currency": "EUR", "place": "here"},
    "/api/v1/conversations": {"members": ["bo"], "listing": None, "title": None},
    "/api/v1/conversations/<conversation_id>/messages": {"client_id": "c", "body": "b", "reply_to": None, "photos": []},
    "/api/v1/reports": {"subject_kind": "listing", "subject_id": "", "reason": "other", "text": "t"},
    "/api/v1/listings/<listing_id>": {"title": "Lamp", "price": 5, "currency": "EUR"},
    "/api/v1/asks": {"text": "Who mends kettles?", "topic": "tea", "place": "here", "reach": 2},
    "/api/v1/notifications/read": {"ids": ["x"], "all": True},
}  # fmt: skip


@pytest.mark.databases("postgres")
def test_hostile_values_in_json_fields(town: Town) -> None:
    """Every word of the door's module as a field with a hostile value, all at once and, where known, one by one."""
    faults = []
    for method, rule in doors(town, "POST", "PUT", "PATCH"):
        if not rule.rule.startswith("/api/"):
            continue
        path, words = town.address(rule), _words_of(town, rule)
        good = GOOD.get(rule.rule, {}) | ({"item": town.item} if rule.rule.endswith("recommendations") else {})
        for value in JSON_VALUES:
            bodies = [dict.fromkeys(words, value), *({**good, name: value} for name in good)]
            for number, sent in enumerate(bodies[: 1 if isinstance(value, list | dict) else None]):
                status = town.ask(rule, method, path, data=json.dumps(sent), content_type="application/json")
                if _fault(status):
                    name = list(good)[number - 1] if number else "all fields"
                    faults.append(f"{method} {rule.rule} {name} = {value!r:.40}: {status}")
    assert not faults, "\n".join(faults)


def test_hostile_values_in_forms(town: Town, asked: set[str]) -> None:
    """Every field that a page's form asks for holds the same hostile value."""
    faults = []
    for method, rule in doors(town, "POST"):
        if rule.rule.startswith("/api/"):
            continue
        path = town.address(rule)
        asked.clear()
        town.ask(rule, method, path, data={"nothing": "1"})
        names = sorted(asked) or ["nothing"]
        for value in ADDRESS_VALUES[:: 1 if "password" not in names else 6]:
            status = town.ask(rule, method, path, data=dict.fromkeys(names, value))
            if _fault(status):
                faults.append(f"POST {rule.rule} {names} = {value!r:.40}: {status}")
    assert not faults, "\n".join(faults)


def test_hostile_values_over_the_socket(town: Town) -> None:
    """Every event × every hostile value in each field that its module names: an acknowledgement with a code."""
    realtime_client = realtime.socketio.test_client(town.app, auth={"token": town.tokens["member"]})
    assert realtime_client.is_connected()
    faults = []
    for name in realtime.socket_events():
        words = ["conversation", "seq", "after_seq", "after_change", "client_id", "body", "reply_to", "photos", "tab"]
        shapes: list[Any] = [{"conversation": town.room, word: value} for word in words for value in JSON_VALUES]
        for sent in [*shapes, None, [], "x", 7, {"conversation": _nested(200)}]:
            got = realtime_client.emit(name, sent, callback=True)
            if got is not None and got.get("code") == "internal":
                faults.append(f"{name} {sent!r:.80}")
    realtime_client.disconnect()
    assert not faults, "\n".join(faults)


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value
