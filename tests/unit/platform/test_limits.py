"""Rates are held, per key, and with the shared storage away as well."""

from __future__ import annotations

import pytest
from limits.storage import MemoryStorage, storage_from_string

from app.kernel.errors import TooMany
from app.platform.limits import RateKeeper, storage_address
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
