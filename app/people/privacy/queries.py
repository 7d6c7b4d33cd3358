"""Everything that is kept of one person."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.kernel.clock import clock
from app.people.privacy.values import Erase, Export, Keeper
from app.platform.slots import Slot

_KEEPERS: Slot[dict[str, Keeper]] = Slot("keepers", dict)


def register_privacy(app: Flask, room: str, export: Export, erase: Erase) -> None:
    """Each room that keeps something of a person has a `privacy.py`, which assembly registers."""
    _KEEPERS.on(app)[room] = Keeper(room, export, erase)


def keepers() -> list[Keeper]:
    """All of them, in the order of their registration."""
    return list(_KEEPERS.here().values())


def export_member(ident: int) -> dict[str, Any]:
    """A JSON object with one part for each room."""
    parts = {keeper.room: keeper.export(ident) for keeper in keepers()}
    return {"exported_at": clock.now().isoformat(), **parts}
