"""Keeping the graph of this process."""

from __future__ import annotations

import structlog
from flask import Flask

import graph
from app.trust.circle.live_graph import Progress, live_graph, look_again, open_graph
from app.trust.circle.loading import FEW, Elsewhere, build_elsewhere
from graph.compiling import expect_edges, native

log = structlog.get_logger()

__all__ = ["end", "is_loading", "keep", "look_again", "open_graph", "rebuild", "start"]


def rebuild(progress: Progress | None = None) -> None:
    """Drop the graph of this process and build it from the tables."""
    live = live_graph()
    live.rebuild(progress)
    live.keep()


def keep() -> bool:
    """Write the snapshot from which the next start begins; False when there is none to be written."""
    return live_graph().keep()


def start(app: Flask, elsewhere: Elsewhere = build_elsewhere) -> None:
    """Before the first request: the last snapshot, or a small graph; a large one is built while pages are served.

    What a graph of some size needs is compiled here, where nobody waits yet.
    """
    with app.app_context():
        live = open_graph(app)
        live.load(elsewhere)
        if live.loading:
            expect_edges(FEW)
        if native():
            graph.warm_up()


def is_loading() -> bool:
    """Whether everybody is a stranger just now, because the graph is not there yet."""
    return live_graph().loading


def end(app: Flask) -> None:
    """At an orderly shutdown; a full disk must not keep the process from ending."""
    try:
        with app.app_context():
            keep()
    except OSError:
        log.exception("trust_snapshot_failed")
