"""The base of every event: what has happened, in ids and amounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

Scalar = int | str | bool | float | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened. Fields are ids, amounts and codes, never names or texts."""

    registry: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        other = Event.registry.get(cls.__name__)
        if other is not None and other.__module__ != cls.__module__:
            raise TypeError(f"two events are called {cls.__name__}")
        Event.registry[cls.__name__] = cls

    @property
    def name(self) -> str:
        return type(self).__name__

    def payload(self) -> dict[str, Scalar]:
        return asdict(self)

    @staticmethod
    def load(name: str, payload: dict[str, Any]) -> Event:
        """The event again; fields that it no longer has are left out."""
        kind = Event.registry[name]
        known = {field.name for field in fields(kind)}
        return kind(**{key: value for key, value in payload.items() if key in known})
