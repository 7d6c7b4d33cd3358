"""What assembly puts on an application, so that two applications in one process share none of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from flask import Flask, current_app

T = TypeVar("T")


class Slot(Generic[T]):
    """A named place on an application, made when it is first asked for."""

    def __init__(self, name: str, make: Callable[[], T]) -> None:
        self._name = f"kin_{name}"
        self._make = make

    def on(self, app: Flask) -> T:
        """The content on this application."""
        found: T | None = app.extensions.get(self._name)
        if found is None:
            found = app.extensions.setdefault(self._name, self._make())
        return found

    def here(self) -> T:
        """The content on the application that is active."""
        return self.on(current_app)
