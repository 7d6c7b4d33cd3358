"""What a room must offer for the people in its data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.kernel.ids import MemberId

Export = Callable[[MemberId], Any]
Erase = Callable[[MemberId], None]


@dataclass(frozen=True, slots=True)
class Keeper:
    """`export` answers JSON values of one member; `erase` runs inside one unit of work."""

    room: str
    export: Export
    erase: Erase
