"""What a command opens before it runs: the whole application, or the database alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from app import create_app
from app.bare import bare_app
from app.commands.environment import settings_here
from app.platform import schema


def open_application(ctx: click.Context) -> None:
    """Keep the application with an up-to-date schema open until the command ends."""
    app = create_app(settings_here())
    schema.upgrade(app)
    ctx.with_resource(app.app_context())


def with_app(command: Callable[..., None]) -> Callable[..., None]:
    """Open the application with an up-to-date schema around a command."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        app = create_app(settings_here())
        schema.upgrade(app)
        with app.app_context():
            command(*args, **kwargs)

    return wrapped


def with_database(command: Callable[..., None]) -> Callable[..., None]:
    """Open the database alone around a command; assembling every room would take longer than the command.

    A schema that is behind is brought up to date first, by the whole application, which knows what listens.
    """

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        settings = settings_here()
        app = bare_app(settings)
        with app.app_context():
            behind = schema.require_usable() != schema.newest_revision()
        if behind:
            schema.upgrade(create_app(settings))
        with app.app_context():
            command(*args, **kwargs)

    return wrapped
