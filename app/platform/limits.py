"""Rate limits: of requests by Flask-Limiter, of anything else by `check_rate`, on one storage."""

from __future__ import annotations

import time
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

import structlog
from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from app.kernel.errors import TooMany
from app.platform.redis_ways import Breaker, redis_options
from app.platform.settings import Settings

log = structlog.get_logger()

STRATEGY: Final = "sliding-window-counter"
PREFIX: Final = "kinmarket-rate"
SWEEP: Final = 10.0  # seconds between two sweeps of counters in memory


def network_of(address: str | None) -> str:
    """Who asks, for counting: an IPv6 customer has a whole /64, and every address in it is the same one.

    >>> network_of("2001:db8::1:2:3:4"), network_of("::ffff:192.0.2.7"), network_of("192.0.2.7")
    ('2001:db8::/64', '192.0.2.7', '192.0.2.7')
    """
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "nobody"
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))


def asker() -> str:
    """The network of the request's sender."""
    return network_of(request.remote_addr)


limiter = Limiter(asker, strategy=STRATEGY, key_prefix=PREFIX, headers_enabled=True)


class SparingStorage(MemoryStorage):
    """Counts in memory. The library's goes through all that it counts a hundred times a second."""

    _swept = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - its name in the library's class
        # Reading looks at the expiry of what it reads: sweeping only frees the memory.
        if time.monotonic() - self._swept > SWEEP:
            self._swept = time.monotonic()
            super()._MemoryStorage__schedule_expiry()  # type: ignore[misc] # private there


class RateKeeper:
    """Counts in the shared storage; in memory while that is away, for a limit must not stop the site."""

    def __init__(self, storage: Storage) -> None:
        self._shared = SlidingWindowCounterRateLimiter(storage)
        self._own = SlidingWindowCounterRateLimiter(SparingStorage())
        self._breaker = Breaker()

    def check(self, key: str, limit: str, count: int = 1) -> None:
        """Count; raises `TooMany` when that would be too many, and counts none of them then."""
        item = _parsed(limit)
        if self._breaker.closed:
            try:
                self._check(self._shared, item, key, count)
            except StorageError:
                self._breaker.open()
                log.warning("rate_storage_away", key=key)
            else:
                return
        self._check(self._own, item, key, count)

    @staticmethod
    def _check(strategy: SlidingWindowCounterRateLimiter, item: RateLimitItem, key: str, count: int) -> None:
        if strategy.hit(item, PREFIX, key, cost=count):
            return
        reset = strategy.get_window_stats(item, PREFIX, key).reset_time
        wait = max(1, round(reset - time.time()))
        raise TooMany("You’re doing that too often. Wait a moment.", retry_after=wait)


@lru_cache(maxsize=256)
def _parsed(limit: str) -> RateLimitItem:
    return parse(limit)


def storage_address(settings: Settings) -> str:
    """Redis when several processes run, memory otherwise."""
    if not settings.redis_url:
        return "memory://"
    if settings.redis_url.startswith("unix://"):
        return f"redis+{settings.redis_url}"
    return settings.redis_url


def init_limits(app: Flask) -> None:
    """Give the application its limits."""
    settings: Settings = app.config["KIN"]
    address = storage_address(settings)
    app.config.setdefault("RATELIMIT_STORAGE_URI", address)
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", settings.redis_url is not None)
    options = redis_options() if settings.redis_url else {}
    app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", options)
    limiter.init_app(app)
    storage = (
        storage_from_string(address, wrap_exceptions=True, **options)
        if settings.redis_url
        else SparingStorage(wrap_exceptions=True)
    )
    app.extensions["kin_rates"] = RateKeeper(storage)  # type: ignore[arg-type] # never the async one


def check_rate(key: str, limit: str = "20/minute", *, count: int = 1) -> None:
    """Count uses of `key`; raises `TooMany` with `retry_after` when there were too many.

    `count`: how many people or things this one call is about. Of a call that is refused none counts.
    """
    keeper: RateKeeper = current_app.extensions["kin_rates"]
    keeper.check(key, limit, count)
