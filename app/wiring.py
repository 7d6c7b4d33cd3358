"""The composition root: which reaction listens to which event, and what fills which slot."""

from __future__ import annotations

from apiflask import APIFlask


def wire(app: APIFlask) -> None:
    """Connect the wings. Called once per application; registering again replaces."""
