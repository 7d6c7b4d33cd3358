"""Who may import whom: the contracts of `.importlinter`, and what fits no contract type."""

from __future__ import annotations

import ast
import os
from functools import cache
from pathlib import Path

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]
OUTER_RING = {"forms", "views", "api", "sockets", "jobs"}
# A room's own business: not even other services may reach for these.
PRIVATE = OUTER_RING | {"rules", "subject", "privacy", "checks", "badges"}
# These put the house together and may open every drawer.
COMPOSERS = {"app.wiring", "app.assembly", "app.cli", "app.serving"}
WINGS = {
    *("people", "notifications", "payments", "trust", "messaging", "community", "market", "merchants", "marketing"),
    *("discovery", "reporting", "moderation", "hosting"),
}


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("app", "graph", cache_dir=None)


def room_of(module: str) -> str | None:
    """`app.market.listings` for what is in that room."""
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) >= 3 and parts[1] in WINGS else None


def test_import_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    os.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / ".importlinter"), cache_dir=None, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_nobody_reaches_into_another_room() -> None:
    breaches = []
    for module in imports().modules:
        room = room_of(module)
        last = module.split(".")[-1]
        if room is None or module == room or last not in PRIVATE:
            continue
        for importer in imports().find_modules_that_directly_import(module):
            if room_of(importer) == room or importer in COMPOSERS:
                continue
            if last in {"privacy", "checks"} and importer.startswith(("app.importing", "app.demo")):
                continue
            breaches.append(f"{importer} imports {module}")
    assert not breaches, "\n".join(sorted(breaches))


def test_unit_of_a_rule_loads_no_flask() -> None:
    """Pure files of every room, and what they import, know no third package at all."""
    for module in sorted(imports().modules):
        room = room_of(module)
        if room is None or module.split(".")[-1] not in {"values", "rules", "events"}:
            continue
        for upstream in imports().find_upstream_modules(module):
            assert (
                room_of(upstream)
                or upstream.startswith(("app.kernel", "graph"))
                or upstream in {"app", *(f"app.{wing}" for wing in WINGS)}
            ), f"{module} reaches {upstream}"


def test_imports_stand_at_the_top() -> None:
    """An import inside a function hides a circle."""
    breaches = []
    for path in sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "graph").rglob("*.py")]):
        tree = ast.parse(path.read_text())
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                names = []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                elif isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                breaches += [
                    f"{path.relative_to(ROOT)}:{node.lineno} imports {name}"  # type: ignore[attr-defined]
                    for name in names
                    if name.split(".")[0] in {"app", "graph"}
                ]
    assert not breaches, "\n".join(breaches)
