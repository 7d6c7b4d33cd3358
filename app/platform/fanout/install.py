"""Gives an engine.io server the outbox and the WebSocket of this package."""

from __future__ import annotations

from typing import Any

from app.platform.fanout.outbox import Outbox
from app.platform.fanout.websocket import DirectWebSocket


def install(engine: Any, most: int) -> None:
    """To be called before the first client; messages of clients are at most `most` bytes."""
    mode = engine._async  # noqa: SLF001 - what a mode consists of
    make_queue, empty = mode["queue"], mode["queue_empty"]

    def websocket(handler: Any, _server: Any) -> DirectWebSocket:
        return DirectWebSocket(handler, most)

    # A copy: the table belongs to the module and is shared by all servers of the process.
    engine._async = {  # noqa: SLF001
        **mode,
        "queue": lambda: Outbox(make_queue(), empty),
        "websocket": websocket,
    }
