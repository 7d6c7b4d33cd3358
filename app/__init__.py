"""Kinmarket: a community that buys, sells and recommends through people it trusts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from app.platform.settings import Settings


def create_app(settings: Settings | None = None, *, async_mode: str = "threading") -> APIFlask:
    """The assembled application.

    Assembly is imported by name only now: a unit test of a rule must not load Flask.
    """
    app: APIFlask = import_module("app.assembly").assemble(settings, async_mode=async_mode)
    return app
