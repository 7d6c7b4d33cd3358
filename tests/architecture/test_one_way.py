"""What is made in one place only, so that nothing of it is forgotten elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Who may call it, and what one forgets otherwise.
MADE_IN = {
    "MemberCard": ("app/people/profiles/queries.py", "the seal: `card_of(row, ident)` reads everything"),
}


# Outside the platform nobody asks which database it is, but for what is another statement there.
ASKS_THE_DIALECT = {
    "app/community/recommendations/queries.py": "lists as one value, given to statements that are built once",
    "app/community/recommendations/rows.py": "the same",
    "app/discovery/feed/queries.py": "lists as one value, given to statements that are built once",
    "app/discovery/feed/sources.py": "the same, and a window that each database reads in another way",
    "app/discovery/feed/wishes.py": "JSON as text",
    "app/importing/writing.py": "COPY",
    "app/market/listings/nearby.py": "lists as one value, given to statements that are built once",
    "app/market/listings/queries.py": "lists as one value, given to statements that are built once",
    "app/market/listings/statements.py": "lists as one value, given to statements that are built once",
    "app/messaging/conversations/queries.py": "LATERAL",
    "app/messaging/conversations/reading.py": "statements of the hot path, built once for each database",
    "app/messaging/conversations/sending.py": "lists as one value, given to statements that are built once",
    "app/messaging/conversations/statements.py": "the same",
    "app/moderation/audit_log/models.py": "triggers",
    "app/people/profiles/queries.py": "lists as one value, given to statements that are built once",
    "app/trust/circle/live_graph.py": "the isolation of a long read",
    "app/notifications/inbox/service.py": "an insert that is built once for each database",
}


def test_only_the_platform_asks_which_database_it_is() -> None:
    asks = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"\bdialect\.name\b|sqlalchemy\.dialects import", path.read_text())
    }
    outside = {one for one in asks if not one.startswith("app/platform/")}
    assert not outside - set(ASKS_THE_DIALECT)


def test_who_is_visible_is_asked_of_the_accounts() -> None:
    """By `visible()` or `visible_members(…)`: neither erased nor suspended at the moment of the statement."""
    by_hand = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"suspended_until\s*(?:<|\)\s*<)|suspended_until\.is_\(None\)", path.read_text())
    }
    # The viewer of a page is looked up by a statement whose moment is a parameter.
    assert by_hand == {"app/people/accounts/queries.py"}


def test_what_has_one_maker_is_made_by_nobody_else() -> None:
    breaches = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            name = node.func.id
            if name in MADE_IN and where != MADE_IN[name][0]:
                breaches.append(f"{where}:{node.lineno} makes a {name}; it would forget {MADE_IN[name][1]}")
    assert not breaches, "\n".join(breaches)


# A thing of any kind, what another program calls its things, and Babel's word for a text to be translated.
OF_NO_KIND = {
    "subject_id",
    "thing_id",
    "source_id",
    "party_id",
    "client_id",
    "external_id",
    "external_ids",
    "item_external_id",
}
GETTEXT = {"app/kernel/errors.py", "app/web/schemas.py"}


def test_ids_say_whose_they_are() -> None:
    """An id of another kind in its place is then found by the type checker."""
    plain = [
        f"{path.relative_to(ROOT)}: {name}: {ast.unparse(annotation)}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        if "migrations" not in path.parts
        for name, annotation in _annotated(ast.parse(path.read_text()))
        if re.fullmatch(r"actor|\w*_ids?", name)
        and name not in OF_NO_KIND
        and not (name == "message_id" and str(path.relative_to(ROOT)) in GETTEXT)
        and any(isinstance(one, ast.Name) and one.id in {"int", "str"} for one in ast.walk(_held(annotation)))
    ]
    assert not plain, "\n".join(plain)


def _held(annotation: ast.expr) -> ast.expr:
    """What a mapping leads to, else the annotation itself."""
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
        return annotation.slice.elts[-1]
    return annotation


def _annotated(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What has an annotation: parameters, fields and columns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            yield node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node.annotation


def test_a_docstring_can_be_read_alone() -> None:
    """“The same…” leans on the function before it, which an editor's hint does not show."""
    leaning = [
        f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'module')}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module)
        and (ast.get_docstring(node) or "").startswith("The same")
    ]
    assert not leaning, "\n".join(leaning)
