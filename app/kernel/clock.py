"""The one place that reads the wall clock, so that tests can hold it still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time; `freeze` holds it, `advance` moves a held clock."""

    def __init__(self) -> None:
        self._held: datetime | None = None

    def now(self) -> datetime:
        return self._held if self._held is not None else datetime.now(UTC)

    @contextmanager
    def freeze(self, at: datetime) -> Iterator[Clock]:
        before, self._held = self._held, at
        try:
            yield self
        finally:
            self._held = before

    def advance(self, by: timedelta) -> None:
        if self._held is None:
            raise RuntimeError("only a held clock can be moved")
        self._held += by


clock = Clock()
