"""The migrated database is the one that the models describe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from app import create_app
from app.platform.database import db
from app.platform.schema import upgrade
from app.platform.search.tables import is_search_table
from tests.support.databases import Kind, bare_database, settings_for

pytestmark = pytest.mark.databases("sqlite", "postgres")


def include_object(thing: Any, name: str | None, kind: str, _reflected: bool, compare_to: Any) -> bool:
    """The full-text tables and index are made by their module, not by the models."""
    if kind == "index" and name == "search_document_tokens_gin":
        return False
    return not (kind == "table" and compare_to is None and name is not None and is_search_table(name))


def test_migrated_schema_equals_the_models(database_kind: Kind, tmp_path: Path) -> None:
    with bare_database(database_kind, tmp_path) as address:
        app = create_app(settings_for(address, tmp_path / "data"))
        assert upgrade(app)
        assert not upgrade(app)
        with app.app_context():
            differences = differences_from_the_models()
            db.engine.dispose()
    assert not differences, "\n".join(map(str, differences))


def differences_from_the_models() -> list[Any]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_object": include_object,
                "target_metadata": db.metadata,
            },
        )
        return list(compare_metadata(context, db.metadata))


def test_every_table_has_a_primary_key_and_indexed_foreign_keys(app: Flask) -> None:
    """A foreign key without an index makes every delete on the other side a scan."""
    bare = []
    for table in db.metadata.sorted_tables:
        if not table.primary_key.columns:
            bare.append(f"{table.name} has no primary key")
        first_columns = {next(iter(index.columns)).name for index in table.indexes if len(index.columns)}
        first_columns |= {
            next(iter(constraint.columns)).name
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint) and len(constraint.columns)
        }
        bare += [
            f"{table.name}.{key.parent.name} has no index"
            for key in table.foreign_keys
            if key.parent.name not in first_columns and not key.parent.unique
        ]
    assert not bare, "\n".join(sorted(bare))
