"""Alembic with our revisions: for starts that find the schema behind, for tests and `flask db`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from flask import Flask
from flask_migrate import Migrate

from app.platform.database import db

FOLDER: Final = Path(__file__).resolve().parent / "migrations"


def alembic_config() -> Config:
    """Alembic's configuration; there is no file of it."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def upgrade() -> None:
    """Run what is missing; the application's database is the one that is migrated."""
    command.upgrade(alembic_config(), "head")


def init_command(app: Flask) -> None:
    """Let `flask db …` work on the application's database."""
    Migrate(app, db, directory=str(FOLDER), render_as_batch=True)
