"""Which rooms keep something of a person."""

from __future__ import annotations

from flask import Flask

from app.people.privacy.values import Erase, Export, Keeper
from app.platform.slots import Slot

_KEEPERS: Slot[dict[str, Keeper]] = Slot("keepers", dict)


def register_privacy(app: Flask, room: str, export: Export, erase: Erase) -> None:
    """Each room that keeps something of a person has a `privacy.py`, which assembly registers."""
    _KEEPERS.on(app)[room] = Keeper(room, export, erase)


def keepers() -> list[Keeper]:
    """All of them, in the order of their registration."""
    return list(_KEEPERS.here().values())
