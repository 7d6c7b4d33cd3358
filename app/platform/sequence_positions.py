"""Tells joined rooms how far they have come when a hint may have been lost between two processes.

Between processes hints travel by Redis and may be lost on the way; the database is the truth. Each
process asks it every few seconds for the heads of the rooms that its own clients have joined, and
where something has not come past here, it says so: the client fetches. With one process nothing is
asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

PERIOD: Final = 2.0  # seconds between two looks
MAX_ROOMS: Final = 500  # of one look; the others have their turn at the next

Heads = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rooms `prefix` + id whose hints carry growing numbers."""

    prefix: str
    hint: str  # what a room is told: the id under `name`, the heads under `fields`
    name: str
    fields: tuple[str, ...]
    carriers: Mapping[str, str]  # an event, and the field whose number it brings
    read: Callable[[list[Any]], Heads]  # ids to their heads, in the order of `fields`


class SequencePositions:
    """What has come past in this process, and what the database says."""

    def __init__(self, kind: Numbered) -> None:
        self._kind = kind
        self._passed: dict[str, tuple[int, ...]] = {}
        self._turn = 0

    def note(self, room: Any, event: str, data: Any) -> None:
        """An event goes out to the room's readers here."""
        field = self._kind.carriers.get(event)
        known = self._passed.get(room) if isinstance(room, str) else None
        if field is None or known is None or not isinstance(data, dict):
            return
        place = self._kind.fields.index(field)
        number = data.get(field)
        # A number beyond the next one means a gap, which the reader sees without us.
        if isinstance(number, int) and number > known[place]:
            self._passed[room] = (*known[:place], number, *known[place + 1 :])

    def look(self, rooms: Iterable[object]) -> list[tuple[str, str, dict[str, Any]]]:
        """The hints that are due; `rooms` are those that somebody here has joined."""
        kind = self._kind
        joined = sorted(room for room in rooms if isinstance(room, str) and room.startswith(kind.prefix))
        self._passed = {room: self._passed[room] for room in joined if room in self._passed}
        now = self._in_turn(joined)
        heads = kind.read([room.removeprefix(kind.prefix) for room in now]) if now else {}
        due = []
        for room in now:
            ident = room.removeprefix(kind.prefix)
            head = heads.get(ident)
            if head is None:
                continue
            known = self._passed.get(room)
            self._passed[room] = head if known is None else tuple(map(max, known, head))
            # A room seen for the first time: who has just joined has got all, but may have got it before us.
            if known is None or any(map(int.__gt__, head, known)):
                due.append((room, kind.hint, {kind.name: ident, **dict(zip(kind.fields, head, strict=True))}))
        return due

    def _in_turn(self, joined: list[str]) -> list[str]:
        if len(joined) <= MAX_ROOMS:
            return joined
        self._turn = (self._turn + MAX_ROOMS) % len(joined)
        return list(itertools.islice(itertools.cycle(joined), self._turn, self._turn + MAX_ROOMS))
