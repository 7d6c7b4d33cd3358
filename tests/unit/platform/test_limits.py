"""Rates are held, per key, and with the shared storage away as well."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from limits.storage import MemoryStorage, storage_from_string

from app.kernel.errors import TooMany
from app.platform.limits import RateKeeper, SparingStorage, storage_address
from app.platform.settings import Settings


def test_the_limit_holds_per_key() -> None:
    keeper = RateKeeper(MemoryStorage())
    for _ in range(3):
        keeper.check("ana", "3/minute")
    with pytest.raises(TooMany) as refusal:
        keeper.check("ana", "3/minute")
    assert refusal.value.retry_after is not None
    assert refusal.value.retry_after >= 1
    keeper.check("bo", "3/minute")


def test_counters_in_memory_are_swept_now_and_then_and_never_counted_late(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeps: list[Callable[[], None]] = []
    monkeypatch.setattr(threading, "Timer", lambda _wait, sweep: FinishedTimer(sweeps, sweep))
    storage = SparingStorage()
    keeper = RateKeeper(storage)
    for number in range(100):
        keeper.check(f"member-{number}", "3/minute")
    assert len(sweeps) == 3, "one for each storage that is made, and one for a hundred counts"
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    for _ in range(3):
        keeper.check("member-1", "3/minute")
    sweeps[-1]()
    assert list(storage.expirations) == [next(one for one in storage.storage if "member-1/" in one)]


class FinishedTimer:
    """Its time has come already."""

    def __init__(self, made: list[Callable[[], None]], sweep: Callable[[], None]) -> None:
        made.append(sweep)

    def start(self) -> None:
        return

    def is_alive(self) -> bool:
        return False


def test_with_redis_away_the_limit_still_holds() -> None:
    keeper = RateKeeper(
        storage_from_string("redis://127.0.0.1:1/0", wrap_exceptions=True)  # type: ignore[arg-type]
    )
    keeper.check("ana", "1/minute")
    with pytest.raises(TooMany):
        keeper.check("ana", "1/minute")


@pytest.mark.parametrize(
    ("redis", "address"),
    [
        (None, "memory://"),
        ("redis://h/1", "redis://h/1"),
        ("unix:///run/redis.sock", "redis+unix:///run/redis.sock"),
    ],
)
def test_storage(redis: str | None, address: str, tmp_path: object) -> None:
    settings = Settings(data_dir=tmp_path, database_url="sqlite://", redis_url=redis)  # type: ignore[arg-type]
    assert storage_address(settings) == address
