"""Names in sentences keep to themselves: one written from right to left does not turn the words round it."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

from flask.testing import FlaskClient

from app.people.accounts.service import signin_link
from app.people.invites.service import invite_code
from app.trust.vouches.service import vouch
from tests.support.people import MemberFactory

SignedIn = Callable[..., FlaskClient]
NAME = "ליאור כהן"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"}


class Names(HTMLParser):
    """Collects texts with the name that stand in an element without a direction of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.seen = 0
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, tag in {"bdi", "title"} or ("dir", "auto") in attrs))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if NAME in data:
            self.seen += 1
            apart = self.open[-1][1] and (data.strip() == NAME or self.open[-1][0] == "title")
            # What a trail says is isolated letter by letter, for it is a text of several names.
            if not apart and f"\N{FIRST STRONG ISOLATE}{NAME}\N{POP DIRECTIONAL ISOLATE}" not in data:
                self.bare.append(f"{self.open[-1][0]}: {data.strip()}")


def test_names_keep_to_themselves(client: FlaskClient, member: MemberFactory, signed_in: SignedIn) -> None:
    ana, bo = member("ana"), member("bo", name=NAME)
    vouch(ana, bo, "trust", reason="Neighbours")
    code = invite_code(bo)
    pages = {
        path: client.get(path).text for path in (f"/i/{code}", f"/register?invite={code}", "/m/bo", signin_link(bo))
    }
    own = signed_in(client, "bo")
    pages |= {f"bo: {path}": own.get(path).text for path in ("/me", "/m/bo", f"/i/{code}", "/settings/account")}
    other = signed_in(client, "ana")
    pages |= {f"ana: {path}": other.get(path).text for path in ("/m/bo", f"/i/{code}", "/circle")}
    found = {}
    for path, page in pages.items():
        names = Names()
        names.feed(page)
        assert names.seen or path == "bo: /settings/account", path
        found[path] = names.bare
    assert {path: bare for path, bare in found.items() if bare} == {}
