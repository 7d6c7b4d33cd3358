"""The base of every event: what has happened, in ids and amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, get_args, get_type_hints

Scalar = int | str | bool | float | None


class UnreadableEvent(ValueError):
    """What is stored is not an event as today's code knows it; names the event and the field."""


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
    def load(name: str, payload: Any) -> Event:
        """The event again; fields that it no longer has are left out, new ones have their default.

        Raises `UnreadableEvent` when a field that has no default is missing or is of another type.
        """
        kind = Event.registry.get(name)
        if kind is None:
            raise UnreadableEvent(f"no event is called {name}")
        if not isinstance(payload, Mapping):
            raise UnreadableEvent(f"{name} has no fields")
        given = {}
        for field in fields(kind):
            if field.name in payload:
                value = given[field.name] = payload[field.name]
                # Exactly: a bool is an int in Python, but is no id and no amount.
                if type(value) not in _types(kind)[field.name]:
                    raise UnreadableEvent(f"{name}.{field.name} is a {type(value).__name__}")
            elif field.default is MISSING and field.default_factory is MISSING:
                raise UnreadableEvent(f"{name} has no {field.name}")
        return kind(**given)


def _types(kind: type[Event]) -> dict[str, tuple[type, ...]]:
    """What each field may be; where an amount with a fraction is wanted, a whole one is good too."""
    if kind not in _known_types:
        hints = {name: get_args(hint) or (hint,) for name, hint in get_type_hints(kind).items()}
        made_of = {name: tuple(_made_of(one) for one in types) for name, types in hints.items()}
        _known_types[kind] = {name: (*types, int) if float in types else types for name, types in made_of.items()}
    return _known_types[kind]


def _made_of(hint: Any) -> type:
    """Say what an id is made of: the log knows numbers and texts only."""
    found: type = getattr(hint, "__supertype__", hint)
    return found


_known_types: dict[type[Event], dict[str, tuple[type, ...]]] = {}
