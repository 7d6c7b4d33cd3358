"""A limit counts people and things, not calls: whoever names forty in one call has named forty."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from app.kernel.errors import TooMany
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.conversations.service import start_conversation
from app.messaging.groups.service import add_people
from app.people.accounts.service import issue_token
from app.platform.limits import RateKeeper
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

APP = Path(__file__).parents[3] / "app"
SEVERAL = {"Iterable", "Sequence", "Collection", "Mapping", "Set", "list", "tuple", "set", "frozenset", "dict"}
READS_SEVERAL = {"getlist", "split"}
# Functions with a limit that are given several and count one, each with the reason.
COUNT_ONE = {
    "messaging/conversations/sending.py:_draft": "one message; its photos were counted when they came",
    "community/recommendations/api.py:add_photos": "one change; each photo is counted where it is drawn",
    "market/listings/api.py:post_photos": "one change; each photo is counted where it is drawn",
    "messaging/groups/views.py:_choice": "one search; whom it leaves out makes it no dearer",
    "market/listings/views.py:edit": "one change; each photo is counted where it is drawn",
    "community/recommendations/views.py:_say": "one saying; each photo is counted where it is drawn",
}


def limited() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(APP.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "check_rate(" not in text:
            continue
        for one in ast.walk(ast.parse(text)):
            if isinstance(one, ast.FunctionDef) and one.name != "check_rate" and calls(one, "check_rate"):
                yield f"{path.relative_to(APP)}:{one.name}", one


def calls(within: ast.AST, name: str) -> list[ast.Call]:
    return [
        one
        for one in ast.walk(within)
        if isinstance(one, ast.Call)
        and (one.func.id if isinstance(one.func, ast.Name) else getattr(one.func, "attr", "")) == name
    ]


def is_given_several(function: ast.FunctionDef) -> bool:
    given = [*function.args.args, *function.args.kwonlyargs]
    names = {
        part.id
        for one in given
        if one.annotation is not None
        for part in ast.walk(one.annotation)
        if isinstance(part, ast.Name)
    }
    files = any(isinstance(one, ast.Attribute) and one.attr == "files" for one in ast.walk(function))
    return bool(names & SEVERAL) or files or any(calls(function, name) for name in READS_SEVERAL)


def test_whoever_is_given_several_says_how_many() -> None:
    """New calls of a limit are found here: they count what they handle, or the table says why not."""
    found = {
        name: any(key.arg == "count" for call in calls(function, "check_rate") for key in call.keywords)
        for name, function in limited()
        if is_given_several(function)
    }
    assert "messaging/groups/service.py:add_people" in found
    assert {name for name, counts in found.items() if not counts} == set(COUNT_ONE)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What was counted under each key, without the member's number at its end."""
    found: Counter[str] = Counter()
    check = RateKeeper.check

    def noted(self: RateKeeper, key: str, limit: str, count: int = 1) -> None:
        check(self, key, limit, count)
        found[key.rpartition(":")[0]] += count

    monkeypatch.setattr(RateKeeper, "check", noted)
    return found


def picture() -> tuple[BytesIO, str]:
    data = BytesIO()
    Image.new("RGB", (300, 300), "teal").save(data, "PNG")
    return BytesIO(data.getvalue()), "teal.png"


@pytest.mark.databases("sqlite")
def test_each_call_counts_what_it_is_about(app: Flask, member: MemberFactory, counted: Counter[str]) -> None:
    ana = member("ana")
    friends, strangers = [member("bo"), member("cem")], [member(f"s{n}") for n in range(5)]
    for one in friends:
        vouch(ana, one, "trust")
    head = {"Authorization": f"Bearer {issue_token(ana)}"}
    program = app.test_client()
    listing = publish_listing(ana, ListingDraft(kind="give", title="Lamp", category="home", condition="good"))
    group, _ = start_conversation(ana, friends, title="First")

    def handles(ids: list[int]) -> list[str]:
        return ["bo", "cem"][: len(ids)] if ids == friends else [f"s{n}" for n in range(len(ids))]

    def start() -> None:
        start_conversation(ana, [*friends, *strangers[:3]], title="Five")

    def start_over_api() -> None:
        sent = {"members": [*handles(friends), *handles(strangers[:2])], "title": "Four"}
        assert program.post("/api/v1/conversations", headers=head, json=sent).status_code == 201

    def add_over_api() -> None:
        sent = {"members": ["s2", "s3", "s4", "bo"]}
        assert program.post(f"/api/v1/conversations/{group}/members", headers=head, json=sent).json == {"added": 3}

    def send_photos(path: str) -> None:
        sent = {"photos": [picture(), picture(), picture()]}
        assert program.post(f"/api/v1{path}", headers=head, data=sent).status_code == 201

    table: list[tuple[Callable[[], object], dict[str, int]]] = [
        (start, {"chat-start": 5, "chat-start:within-2": 2, "chat-start:strangers": 3}),
        (start_over_api, {"chat-start": 4, "chat-start:within-2": 2, "chat-start:strangers": 2}),
        (
            lambda: add_people(ana, group, [*strangers[:2], *friends]),
            {"chat-start": 2, "chat-start:strangers": 2, "chat-add": 2},
        ),
        (add_over_api, {"chat-start": 3, "chat-start:strangers": 3, "chat-add": 3}),
        (lambda: send_photos(f"/conversations/{group}/photos"), {"photo": 3, "photo-bytes": 3}),
        (lambda: send_photos(f"/listings/{listing}/photos"), {"listing": 1, "photo": 3, "photo-bytes": 3}),
    ]
    for call, due in table:
        counted.clear()
        call()
        assert {key: number for key, number in counted.items() if number} == due


@pytest.mark.databases("sqlite")
def test_no_door_lets_more_strangers_in_than_the_limit(member: MemberFactory) -> None:
    """Forty a day: as one group, one by one, or brought into a group that stands."""
    ana = member("ana")
    strangers = [member(f"s{n}") for n in range(42)]
    group, _ = start_conversation(ana, strangers[:25], title="Many")
    add_people(ana, group, strangers[25:35])
    with pytest.raises(TooMany):
        start_conversation(ana, strangers[35:42], title="Seven more")
    for one in strangers[35:40]:
        start_conversation(ana, [one])
    for refused in (lambda: start_conversation(ana, strangers[40:41]), lambda: add_people(ana, group, strangers[40:])):
        with pytest.raises(TooMany):
            refused()
