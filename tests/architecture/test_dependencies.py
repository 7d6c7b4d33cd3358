"""What the lock files hold."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
FLOORS = tomllib.loads((Path(__file__).parent / "security_floors.toml").read_text())


def locked(lock: Path) -> dict[str, Version]:
    """Package name and version, as the lock file has them."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", lock.read_text(), flags=re.MULTILINE)
    return {name.lower(): Version(version) for name, version in found}


def test_there_are_lock_files() -> None:
    assert [lock.name for lock in LOCKS] == [
        "requirements-bench.lock",
        "requirements-build.lock",
        "requirements-dev.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_python_lock_names_no_registry_and_has_hashes(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, flags=re.MULTILINE)
    assert text.count("--hash=sha256:") >= len(locked(lock)) > 0


def test_front_end_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "://" in package.get("resolved", "")]
    assert not [name for name, package in packages.items() if name and "integrity" not in package]


@pytest.mark.parametrize("name", FLOORS)
@pytest.mark.parametrize("lock", [lock for lock in LOCKS if "build" not in lock.name], ids=lambda lock: lock.name)
def test_security_floors(lock: Path, name: str) -> None:
    assert locked(lock)[name] >= Version(FLOORS[name])


def declared() -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    yield from map(Requirement, project["project"]["dependencies"])


def test_lock_holds_what_the_project_asks_for() -> None:
    versions = locked(ROOT / "requirements.lock")
    missing = [
        str(wanted)
        for wanted in declared()
        if wanted.name.lower() not in versions or versions[wanted.name.lower()] not in wanted.specifier
    ]
    assert not missing, "run `make lock`"


def test_development_is_done_on_the_versions_that_run() -> None:
    development = locked(ROOT / "requirements-dev.lock")
    for name, version in locked(ROOT / "requirements.lock").items():
        assert development[name] == version
