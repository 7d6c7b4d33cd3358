"""Errors carry a text that a catalogue can know, and what stands in it apart: the edge translates."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from flask import Flask

from app.kernel import errors
from app.kernel.errors import DomainError
from app.platform.parked_events import StillFails
from app.platform.schema import UnusableDatabase
from app.platform.settings import BadSetting
from app.platform.wording import ERRORS, MARKERS

ROOT = Path(__file__).parents[2]
OWN = {"code", "retry_after"}
# Their refusals end on the operator's terminal, in English, with whatever the system has said.
TERMINAL = ("app/commands/", "app/importing/", "app/platform/backup.py", "app/platform/schema.py",
            "app/platform/settings.py")  # fmt: skip
# The text comes from where it is marked by `N_`, or is another's.
MARKED = {
    "app/kernel/bounds.py": "trouble",
    "app/people/accounts/service.py": "message",
    "app/platform/files.py": "words",
    "app/platform/photos.py": "words.get(code, other)",
    "app/platform/subjects.py": "message",
    "app/web/operations.py": "one.message_id",
}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Where an error is made, or made as its base: file and call."""
    known = {"DomainError", *ERRORS}
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name.startswith(TERMINAL):
            continue
        tree = ast.parse(path.read_text())
        derived = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef) and _derives(one, known)]
        for node in [*ast.walk(tree)]:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
                yield name, node
        for one in derived:
            for node in ast.walk(one):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
                    yield name, node


def _derives(one: ast.ClassDef, known: set[str]) -> bool:
    return any(isinstance(base, ast.Name) and base.id in known for base in one.bases)


def text_of(call: ast.Call) -> str | None:
    """The literal, also where `N_` marks it."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Call) and ast.unparse(first.func) == "N_":
        first = first.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def test_every_kind_of_error_is_known_to_babel(app: Flask) -> None:
    """One that words itself has its text marked by `N_`; two are for the terminal."""
    found = {kind.__name__ for kind in _kinds(DomainError) if "__init__" not in vars(kind)}
    assert StillFails.__name__ in found
    assert found - {BadSetting.__name__, UnusableDatabase.__name__} == set(ERRORS)


def _kinds(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def test_an_error_names_its_text_and_translates_nothing() -> None:
    found = [*calls()]
    assert len(found) > 300
    wrong = [
        f"{name}:{call.lineno} {ast.unparse(call)[:80]}"
        for name, call in found
        if text_of(call) is None
        and not (call.args and ast.unparse(call.args[0]) == MARKED.get(name))
        and name != "app/kernel/errors.py"
    ]
    assert not wrong, "give the text as it is, with %(name)s and name=…"


def test_what_stands_in_a_text_is_given_with_it() -> None:
    wrong = []
    for name, call in calls():
        text = text_of(call)
        given = {one.arg for one in call.keywords} - OWN
        if text is not None and set(re.findall(r"%\((\w+)\)", text)) != given:
            wrong.append(f"{name}:{call.lineno} {text}")
    assert not wrong


def test_babel_finds_every_text() -> None:
    texts = {text for _name, call in calls() if (text := text_of(call)) is not None}
    keywords = {**DEFAULT_KEYWORDS, **dict.fromkeys(MARKERS)}
    known: set[str] = set()
    for path in (ROOT / "app").rglob("*.py"):
        found = extract("python", io.BytesIO(path.read_bytes()), keywords=keywords)
        known |= {text for _line, text, _comments, _context in found if isinstance(text, str)}
    assert texts <= known
    # Also those that stand apart from their call.
    assert {"A photo can have up to 12 MB.", "a number is too large", "“members” must be a list of handles."} <= known


def test_an_error_reads_well_where_nobody_translates() -> None:
    error = errors.Conflict("You can keep up to %(count)s searches", count=50)
    assert (str(error), error.message_id, error.params) == (
        "You can keep up to 50 searches", "You can keep up to %(count)s searches", {"count": 50},
    )  # fmt: skip
    assert str(errors.Conflict("100% are taken")) == "100% are taken"
