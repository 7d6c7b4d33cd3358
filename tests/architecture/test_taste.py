"""What a reader of the files may count on."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_LINES = 400
MAX_COLUMNS = 160  # of a template: code has ruff and biome
# Templates that are older than the limit; none is added.
OLD_AND_WIDE = {
    "templates/community/recommendations/_circle.html",
    "templates/community/recommendations/_everybody.html",
    "templates/community/recommendations/_of_subject.html",
    "templates/community/recommendations/show.html",
    "templates/macros/recommendation.html",
}
WRITTEN = {".py", ".html", ".css", ".js", ".ts", ".mjs", ".sh", ".txt", ".xml", ".jinja"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "stuff", "base_utils"}
MARKS = re.compile(r"\b(TODO|FIXME|HACK)\b")
TOP_LEVEL = {
    *("app", "graph", "static", "templates", "tests", "docs", "tools", "bench", ".ci", ".github"),
    *("pyproject.toml", "README.md", "Makefile", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"),
    *("package.json", "package-lock.json", "Dockerfile", "compose.yaml", ".dockerignore", ".gitignore"),
    *("requirements.lock", "requirements-dev.lock", "requirements-bench.lock", "requirements-build.lock"),
    *(".importlinter", "tsconfig.json", "babel.cfg", ".npmrc", ".editorconfig", ".gitattributes"),
    *(".pre-commit-config.yaml", "biome.jsonc", ".devcontainer"),
}


def committed() -> list[Path]:
    """Files under version control; in a tree without git, all that no tool has made."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in found.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_files_are_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in committed()
        if path.suffix in WRITTEN and (lines := len(read(path).splitlines())) > MAX_LINES
    }
    assert not long


def test_lines_of_templates_are_short_enough_to_read() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed()
        if path.is_relative_to(ROOT / "templates") and str(path.relative_to(ROOT)) not in OLD_AND_WIDE
        for number, line in enumerate(read(path).splitlines(), start=1)
        if len(line) > MAX_COLUMNS
    ]
    assert not long, "break them between attributes or inside of {{ … }}: there nothing is shown differently"


def test_names_say_what_is_inside() -> None:
    vague = [
        str(path.relative_to(ROOT)) for path in committed() if {path.stem, *path.relative_to(ROOT).parts[:-1]} & VAGUE
    ]
    assert not vague


def test_the_top_level_is_fixed() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in committed()}
    assert found <= TOP_LEVEL, found - TOP_LEVEL


def test_nothing_is_left_for_later_in_the_code() -> None:
    marked = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in committed()
        if path.suffix in WRITTEN and path != Path(__file__)
        for line in read(path).splitlines()
        if MARKS.search(line)
    ]
    assert not marked


def test_room_packages_are_empty() -> None:
    full = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("__init__.py")
        if path.parent != ROOT / "app" and read(path).strip()
    ]
    assert not full


def test_no_field_is_of_any_type_there_is() -> None:
    vague = [
        f"{path.relative_to(ROOT)}: {kind.name}.{field.target.id}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for kind in ast.walk(ast.parse(read(path)))
        if isinstance(kind, ast.ClassDef)
        for field in kind.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_anything(field.annotation)
    ]
    assert not vague


def _is_anything(annotation: ast.expr) -> bool:
    """Whether it is `object`, alone or beside others; a container of JSON's values may hold what it likes."""
    if isinstance(annotation, ast.BinOp):
        return _is_anything(annotation.left) or _is_anything(annotation.right)
    return isinstance(annotation, ast.Name) and annotation.id == "object"


def test_templates_have_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")|<style|\sstyle=\"|\son[a-z]+=\""
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in committed()
        if path.suffix == ".html" and "mail" not in path.parts
        for match in inline.finditer(read(path))
    ]
    assert not found
