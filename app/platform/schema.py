"""The schema of the database: brought up to date at every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from app.platform import event_log
from app.platform.database import db

FOLDER = Path(__file__).resolve().parent / "migrations"


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def newest_revision() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current_revision() -> str | None:
    """The revision that the database has; None when it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(app: Flask) -> bool:
    """Migrate to the newest revision; answers whether there was anything to do.

    What this version's reactions have not heard so far begins where they say, before anything new happens.
    """
    with app.app_context():
        behind = current_revision() != newest_revision()
        if behind:
            command.upgrade(alembic_config(), "head")
        event_log.place_cursors()
        return behind


def has_tables() -> bool:
    return inspect(db.engine).has_table("member")
