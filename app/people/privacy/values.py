"""What a room must offer for the people in its data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Export = Callable[[int], Any]
Erase = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Keeper:
    """`export` answers JSON values of one member; `erase` runs inside one unit of work."""

    room: str
    export: Export
    erase: Erase
