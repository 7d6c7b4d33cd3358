"""Libraries that are imported without what they would take along only because it is installed.

They offer more than we use (asynchronous clients, clients at all, coloured tracebacks) and, for that,
load packages that are here for other reasons: two fifths of a second and 30 MB at every start. Called
first of all by the processes that start often or stay long: the command line and the server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final

# rich colours tracebacks of structlog's console, Pygments the lines of rich.
LOGS: Final = ("rich", "better_exceptions")
# Ours are servers: no client of HTTP, none of another loop; no second spelling of Redis.
SOCKETS: Final = ("aiohttp", "requests", "websocket", "valkey", "aio_pika", "kombu", "zmq", "kafka")
REDIS: Final = "redis"


def import_logs() -> None:
    """structlog, without rich."""
    with _without(LOGS):
        import_module("structlog")


def import_sockets() -> None:
    """Socket.IO's server, without its clients; without Redis where none is set."""
    with _without(SOCKETS if os.environ.get("KINMARKET_REDIS_URL") else (*SOCKETS, REDIS)):
        import_module("socketio")


@contextmanager
def _without(packages: Iterable[str]) -> Iterator[None]:
    """Let packages look as if they were not installed; what is loaded already stays."""
    hidden = [name for name in packages if name not in sys.modules]
    # The import system's own word for "not to be found".
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # None is documented, not typed
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
