"""Invariants of the data, registered by the rooms that own them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask
from sqlalchemy import text

from app.platform.database import db
from app.platform.slots import Slot

Check = Callable[[], Iterable[str]]

_CHECKS: Slot[dict[str, Check]] = Slot("checks", dict)


def register_check(app: Flask, name: str, check: Check) -> None:
    """`check` answers one line for each breach."""
    _CHECKS.on(app)[name] = check


def run_checks() -> dict[str, list[str]]:
    """Every check's breaches, by the check's name."""
    return {name: list(check()) for name, check in _CHECKS.here().items()}


def database_is_sound() -> list[str]:
    """SQLite's own integrity and foreign keys; PostgreSQL keeps these by itself."""
    if db.engine.dialect.name != "sqlite":
        return []
    found = [f"integrity: {row[0]}" for row in db.session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    found += [
        f"foreign key: {row[0]} row {row[1]} points at a missing {row[2]}"
        for row in db.session.execute(text("PRAGMA foreign_key_check"))
    ]
    return found


def indexes_are_there() -> list[str]:
    """Every index of the models, by its name; a bulk import makes some of them at its end."""
    lite = "SELECT name FROM sqlite_master WHERE type = 'index'"
    full = "SELECT indexname FROM pg_indexes WHERE schemaname = ANY (current_schemas(false))"
    there = set(db.session.scalars(text(lite if db.engine.dialect.name == "sqlite" else full)))
    wanted = {str(index.name) for table in db.metadata.sorted_tables for index in table.indexes}
    return [f"{name} is missing: an import is under way, or broke off" for name in sorted(wanted - there)]
