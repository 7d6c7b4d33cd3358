"""How Redis is spoken to: nobody waits for it for long, and not again and again while it is away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from app.kernel.later import Later

if TYPE_CHECKING:
    from redis import backoff, retry
else:
    backoff, retry = Later("redis.backoff"), Later("redis.retry")  # only who has a Redis loads it

PATIENCE: Final = 1.0  # seconds for one answer: a frozen server refuses nothing
PAUSE: Final = 5.0  # seconds in which it is not asked after it has failed


def redis_options() -> dict[str, Any]:
    """For a client that asks and is answered; one that listens has no limit for the answer."""
    return {**listening_options(), "socket_timeout": PATIENCE}


def listening_options() -> dict[str, Any]:
    """For a client that waits for what others publish."""
    return {
        "socket_connect_timeout": PATIENCE,
        "socket_keepalive": True,
        # What was not done at once is done without Redis.
        "retry": retry.Retry(backoff.NoBackoff(), 0),
    }


class Breaker:
    """Open for a while after a failure: then it is not even tried."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._until = 0.0

    @property
    def closed(self) -> bool:
        return time.monotonic() >= self._until

    def open(self) -> None:
        self._until = time.monotonic() + self._pause
