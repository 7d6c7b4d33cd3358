"""Keeping the graph of this process."""

from __future__ import annotations

from flask import Flask

from app.trust.circle.live_graph import Progress, live_graph, look_again, open_graph
from graph import warm_up

__all__ = ["look_again", "open_graph", "rebuild", "start"]


def rebuild(progress: Progress | None = None) -> None:
    """Drop the graph of this process and build it from the tables."""
    live_graph().rebuild(progress)


def start(app: Flask) -> None:
    """Before the first request: compile what is slow to compile, and build the graph."""
    with app.app_context():
        warm_up()
        open_graph(app).rebuild()
