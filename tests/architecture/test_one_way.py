"""What is made in one place only, so that nothing of it is forgotten elsewhere."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Who may call it, and what one forgets otherwise.
MADE_IN = {
    "MemberCard": ("app/people/profiles/queries.py", "the seal: `card_of(row, ident)` reads everything"),
}


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
