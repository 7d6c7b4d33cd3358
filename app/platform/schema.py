"""The schema of the database: brought up to date at every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.kernel.errors import DomainError
from app.platform import event_log
from app.platform.database import db
from app.platform.logs import hidden

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


class UnusableDatabase(DomainError):
    """The database cannot be used as it is."""

    code = "unusable_database"
    status = 500


def require_usable() -> str | None:
    """The revision of the database; raises `UnusableDatabase` with one line about what is wrong."""
    try:
        found = current_revision()
    except (DBAPIError, PoolTimeout, OSError, ValueError) as problem:
        said = str(getattr(problem, "orig", None) or problem).splitlines()[0]
        raise UnusableDatabase(f"KINMARKET_DATABASE_URL: the database cannot be used: {hidden(said)}") from problem
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if found is not None and found not in known:
        raise UnusableDatabase(
            f"The database is of a newer version of Kinmarket (revision {found}, this one knows up to "
            f"{newest_revision()}): take the newer code, or a backup from before the upgrade."
        )
    return found


def upgrade(app: Flask) -> bool:
    """Migrate to the newest revision; answers whether there was anything to do.

    What this version's reactions have not heard so far begins where they say, before anything new happens.
    """
    with app.app_context():
        behind = require_usable() != newest_revision()
        if behind:
            command.upgrade(alembic_config(), "head")
        event_log.place_cursors()
        return behind


def has_tables() -> bool:
    return inspect(db.engine).has_table("member")
