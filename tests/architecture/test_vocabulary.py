"""Categories and topics are said once: in the table that the vocabulary's migration filled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from app.platform.vocabulary.reading import vocabulary

ROOT = Path(__file__).parents[2]
MOST = 3  # so many of them in one list or mapping may be chance
FILLED_BY = "app/platform/migrations/versions/"


def lists_of_words(path: Path) -> Iterator[list[str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = node.elts
        elif isinstance(node, ast.Dict):
            parts = [*filter(None, node.keys), *node.values]
        else:
            continue
        yield [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def test_there_is_no_second_list_of_categories(app: Flask) -> None:
    keys = vocabulary()
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(FILLED_BY):
            continue
        for words in lists_of_words(path):
            known = {keys.key_of(word) for word in words} - {None}
            if len(known) > MOST:
                found.append(f"{name}: {sorted(map(str, known))}")
    assert not found


def test_no_template_or_script_lists_them_either(app: Flask) -> None:
    keys = vocabulary().entries.keys()
    found = []
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/src/js").rglob("*.js")]:
        words = set(re.findall(r"[\"'](\w+)[\"']", path.read_text(encoding="utf-8")))
        if len(words & keys) > MOST:
            found.append(f"{path.relative_to(ROOT).as_posix()}: {sorted(words & keys)}")
    assert not found


def test_the_search_for_a_second_list_finds_one(tmp_path: Path) -> None:
    module = tmp_path / "two.py"
    module.write_text('LABELS = {"home": 1, "kitchen": 2}\nMORE = ("books", "music")\n')
    assert list(lists_of_words(module)) == [["home", "kitchen"], ["books", "music"]]
