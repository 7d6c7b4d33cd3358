"""An application with the database and the texts alone: for commands that show no page."""

from __future__ import annotations

from flask import Flask

from app.platform.database import db, engine_options
from app.platform.locales import TRANSLATIONS
from app.platform.settings import Settings
from app.web.languages import Languages


def base_config(settings: Settings) -> dict[str, object]:
    """What every application is set to, whether it shows pages or not."""
    return {
        "KIN": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
    }


def bare_app(settings: Settings) -> Flask:
    """No rooms, no routes, no listeners: what is recorded is heard by the processes that serve."""
    app = Flask("kinmarket")
    app.config.update(base_config(settings))
    db.init_app(app)
    Languages(app)
    return app
