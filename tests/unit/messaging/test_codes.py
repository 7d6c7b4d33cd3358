"""The table of what a client does with a refusal, held against the server and the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from app.kernel import errors

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "static/src/js/chat_codes.js"
# Whatever answers a socket event of the chat, or an upload for it.
SAID_BY = (
    "app/messaging/conversations",
    "app/messaging/groups",
    "app/platform/realtime.py",
    "app/platform/files.py",
    "app/platform/photos.py",
    "app/web/sockets.py",
    "app/web/held_forms.py",
    "app/people/accounts/queries.py",
)
OF_THE_CLIENT = {"offline", "elsewhere", "photos_gone", "server_error"}


def table() -> dict[str, str]:
    return dict(re.findall(r'^  (\w+): "(retry|final)",$', TABLE.read_text(), re.MULTILINE))


def test_every_code_of_the_server_is_in_the_table() -> None:
    said: set[str] = set()
    for place in SAID_BY:
        path = ROOT / place
        for file in [path] if path.is_file() else path.rglob("*.py"):
            text = file.read_text()
            said |= set(re.findall(r'code="(\w+)"', text))
            said |= set(re.findall(r'"code": "(\w+)"', text))
            said |= set(re.findall(r'_problem\(\d+, "(\w+)"', text))
    said |= {kind.code for kind in errors.DomainError.__subclasses__() if kind.__module__ == errors.__name__}
    assert len(said) > 20
    assert said - set(table()) == set(), "say in static/src/js/chat_codes.js and docs/chat.md what a client does"


def test_the_documentation_has_the_same_table() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (retry|final) \|", (ROOT / "docs/chat.md").read_text(), re.MULTILINE))
    assert told == {code: what for code, what in table().items() if code not in OF_THE_CLIENT}


def test_what_is_the_servers_own_trouble_is_never_final() -> None:
    known = table()
    for code in ("restarting", "internal", "too_many", "unauthenticated", "token_ended", "bad_token", "unavailable"):
        assert known[code] == "retry"
