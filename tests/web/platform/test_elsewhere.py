"""What a page of another site could make a member's browser do: go elsewhere from here, or act here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.accounts.service import signin_link
from app.platform.limits import limiter
from tests.support.access import placeholder_path, routes
from tests.support.people import PASSWORD, MemberFactory

ROOT = Path(__file__).parents[3]
HERE = "localhost"
SignedIn = Callable[..., FlaskClient]

# All of them lead to evil.example in one browser or another, or run as a script.
TARGETS = (
    *("//evil.example", "///evil.example", "////evil.example/x", "https://evil.example", "HTTPS:evil.example"),
    *("/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "https:/\\evil.example"),
    *("/\t/evil.example", "\t//evil.example", "/\n/evil.example", " //evil.example", "\x19//evil.example"),
    *("https://localhost@evil.example", "https://localhost.evil.example", "//localhost:80@evil.example/"),
    *("https:///evil.example", "http:evil.example", "//evil.example\\@localhost/", "//\x00evil.example"),
    *("javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "／／evil.example", "//evil。example"),
)


def lands_here(location: str) -> bool:
    """Where a browser goes from a Location, by the rules of the URL standard and not of Python's parser."""
    asked = re.sub(r"[\t\r\n]", "", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", asked, re.IGNORECASE)
    if scheme is None and not asked.startswith("//"):
        return True
    if scheme is not None and scheme[1].lower() not in {"http", "https"}:
        return False
    host = re.split(r"[/?#]", asked[scheme.end() if scheme else 0 :].lstrip("/"))[0]
    return host.rpartition("@")[2].partition(":")[0] == HERE


def test_the_measure_knows_ways_out() -> None:
    assert [one for one in TARGETS if lands_here(one)] == ["／／evil.example"]
    assert all(map(lands_here, ("/", "/a?b=//c", "http://localhost/x", "", "a/b", "/a//b")))


@dataclass(frozen=True)
class Door:
    """An address that goes on to where it is told, and what is sent there."""

    path: str
    fields: dict[str, str]
    as_: str | None = "ana"


DOORS = (
    Door("/login", {"email": "ana", "password": PASSWORD}, None),
    Door("/register", {"handle": "new{number}", "name": "N", "email": "n@example.org", "password": PASSWORD}, None),
    Door("{signin}", {}, None),
    Door("/verify", {"password": PASSWORD}),
    Door("/logout", {}),
    Door("/settings/feed", {"topics_asked": "1"}),
    Door("/feed/take-back", {"choice": "less", "target": "x"}),
    Door("/people/bo/mute", {}),
    Door("/people/bo/not-now", {}),
)


def test_no_door_leads_to_another_site(
    app: Flask, member: MemberFactory, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config.update(WTF_CSRF_ENABLED=False)
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(app.extensions["kin_rates"], "check", lambda *_given, **_more: None)
    ident = member("ana", password=PASSWORD)
    member("bo")
    for door in DOORS:
        passed = ""
        for number, target in enumerate((*TARGETS, "/items?q=kettle")):
            client = app.test_client()
            if door.as_:
                signed_in(client, door.as_)
            path = signin_link(ident) if door.path == "{signin}" else door.path
            fields = {name: value.format(number=number) for name, value in door.fields.items()}
            answer = client.post(f"{path}?next={quote(target, safe='')}", data=fields | {"next": target})
            passed = answer.headers.get("Location", "")
            assert lands_here(passed or "/"), (door.path, target, passed)
        assert passed == "/items?q=kettle", f"{door.path} itself must be open"


def test_every_other_way_on_is_checked_alike() -> None:
    """Whoever reads `next` asks `safe_next`; the walk above and this find each other's forgotten doors."""
    for file in (ROOT / "app").rglob("*.py"):
        text = file.read_text()
        reads = len(re.findall(r"(?:get|getlist)\(\s*[\"'](?:next|return_to|back)[\"']|\[[\"']next[\"']\]", text))
        checked = len(re.findall(r"safe_next\(request\.(?:form|args)\.get\(\"next\"\)", text))
        assert reads == checked, file


def test_where_one_was_is_never_another_site(client: FlaskClient) -> None:
    for target in TARGETS:
        said = target.translate(dict.fromkeys((0, 9, 10, 13)))
        for seen in (said, f"http://{HERE}{said}"):
            if not seen.isascii():
                continue
            for head in ("HX-Current-URL", "Referer"):
                answer = client.get("/asks/known", headers={"HX-Request": "true", head: seen})
                way = answer.json["sign_in"]
                assert urlsplit(way).path == "/login"
                page = client.get(way)
                assert "evil.example" not in page.text or lands_here(way.partition("next=")[2]), seen


# No session counts there: the signature in the address is the proof, and mail programs have no token (RFC 8058).
WITHOUT_A_TOKEN = {"/unsubscribe/<token>"}
BODIES = (
    {"json": {"a": "1"}},
    {"data": '{"a": "1"}', "content_type": "text/plain"},
    {"data": {"a": "1"}, "content_type": "multipart/form-data"},
)


def test_nothing_is_done_without_the_sessions_own_token(
    app: Flask, member: MemberFactory, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address that changes something, with a session's cookie as a strange page would send it."""
    app.config.update(WTF_CSRF_ENABLED=True)
    member("ana", role="operator")
    client = signed_in(app.test_client(), "ana")
    theirs = app.test_client().get("/session").json["token"]
    own = client.get("/session").json["token"]
    reached: list[str] = []
    for endpoint in list(app.view_functions):

        def watched(*_given: object, said: str = endpoint, **_more: object) -> str:
            reached.append(said)
            return "done"

        if not endpoint.startswith("api_"):
            monkeypatch.setitem(app.view_functions, endpoint, watched)
    asked = 0
    for method, rule in routes(app):
        if method in {"GET", "HEAD", "OPTIONS"} or rule.rule in WITHOUT_A_TOKEN:
            continue
        # Each address with each body, by turns with no token at all and with that of another session.
        for number, body in enumerate(BODIES):
            head = {"X-CSRFToken": theirs} if (asked + number) % 2 else {"Origin": "null"}
            answer = client.open(placeholder_path(rule), method=method, headers=head | {"HX-Request": "true"}, **body)
            wanted = {401} if rule.rule.startswith("/api/") else {400, 415, 422}
            assert answer.status_code in wanted, (method, rule.rule, answer.status)
            assert answer.status_code != 422 or "another site" in answer.text, rule.rule
        asked += 1
    assert asked > 100
    assert reached == []
    # What stopped them was the token and nothing else.
    assert client.post("/people/bo/mute", headers={"X-CSRFToken": own}).text == "done"
    assert len(reached) == 1
