"""Keeping the graph of this process."""

from __future__ import annotations

import structlog
from flask import Flask

import graph
from app.trust.circle.live_graph import Progress, live_graph, look_again, open_graph
from graph.compiling import native

log = structlog.get_logger()

__all__ = ["end", "keep", "look_again", "open_graph", "rebuild", "start"]


def rebuild(progress: Progress | None = None) -> None:
    """Drop the graph of this process and build it from the tables."""
    live = live_graph()
    live.rebuild(progress)
    live.keep()


def keep() -> bool:
    """Write the snapshot from which the next start begins; False when there is none to be written."""
    return live_graph().keep()


def start(app: Flask) -> None:
    """Before the first request: read or build the graph, and compile what a graph of some size needs."""
    with app.app_context():
        open_graph(app).start()
        if native():
            graph.warm_up()


def end(app: Flask) -> None:
    """At an orderly shutdown; a full disk must not keep the process from ending."""
    try:
        with app.app_context():
            keep()
    except OSError:
        log.exception("trust_snapshot_failed")
