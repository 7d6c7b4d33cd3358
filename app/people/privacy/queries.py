"""Everything that is kept of one person."""

from __future__ import annotations

from typing import Any

from app.kernel.clock import clock
from app.people.privacy.values import Erase, Export, Keeper

_keepers: dict[str, Keeper] = {}


def register_privacy(room: str, export: Export, erase: Erase) -> None:
    """The composition root names each room that keeps something of a person."""
    _keepers[room] = Keeper(room, export, erase)


def keepers() -> list[Keeper]:
    """All of them, in the order of their registration."""
    return list(_keepers.values())


def export_member(ident: int) -> dict[str, Any]:
    """A JSON object with one part for each room."""
    parts = {keeper.room: keeper.export(ident) for keeper in keepers()}
    return {"exported_at": clock.now().isoformat(), **parts}
