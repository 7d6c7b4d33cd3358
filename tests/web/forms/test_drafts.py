"""Every form with room for more than a line keeps a draft, and a number that says when it has arrived."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)


def long_fields() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "app").rglob("forms.py"):
        found |= set(re.findall(r"^\s+(\w+) = TextAreaField\(", file.read_text(), re.MULTILINE))
    return found


def test_every_long_text_is_kept() -> None:
    fields = long_fields()
    assert {"description", "text", "bio"} <= fields
    drawn = re.compile(rf"field\(\s*\w+\.({'|'.join(fields)})\b")
    seen, forgotten = 0, []
    for file in (ROOT / "templates").rglob("*.html"):
        for form in FORM.findall(file.read_text()):
            if not ("<textarea" in form or drawn.search(form)) or file.name == "held_form.html":
                continue
            seen += 1
            # A message of the chat has its client id for a number.
            number = "{{ once() }}" in form or 'name="client_id"' in form
            if "data-draft=" not in form or not number:
                forgotten.append(f"{file.relative_to(ROOT)}: {form[:80]}")
    assert seen > 12
    assert not forgotten
