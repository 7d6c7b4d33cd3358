"""The graph on disk, so that a start need not read every tie from the tables.

A snapshot stands for a place in the event log and is worth nothing without it. The name says
which: the shape's version, the event's id and its time. What cannot be read, or stands for a place
that this database's log does not have, is thrown away and the graph is built from the tables.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

import graph
from app.trust.circle.graph_builder import seconds
from app.trust.circle.log_changes import LogPosition
from graph import SnapshotError

if TYPE_CHECKING:
    from graph import TrustGraph

log = structlog.get_logger()

# To be raised when the tables become edges in another way than before.
SHAPE = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_NAME = re.compile(r"trust-(\d+)-(\d+)-(\d+)\.graph")


class Snapshots:
    """The snapshots of one data directory; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, trust: TrustGraph, place: LogPosition) -> Path | None:
        """Keep the graph, which stands for `place` or a later one; older files go.

        None where there is no place to name: nothing has happened yet.
        """
        if not place.id or place.at is None:
            return None
        path = self._folder / name_of(place)
        trust.save(path, position=place.id)
        for other in self._folder.glob("trust-*.graph"):
            if other != path and (_place_of(other) or place).id <= place.id:
                other.unlink(missing_ok=True)
        return path

    def newest(self) -> tuple[Path, LogPosition] | None:
        """The file of the latest place, whatever it is worth."""
        named = ((path, _place_of(path)) for path in self._folder.glob("trust-*.graph"))
        found = [(path, place) for path, place in named if place is not None]
        return max(found, key=lambda one: one[1].id, default=None)

    def read(self, path: Path, place: LogPosition) -> TrustGraph | None:
        """The graph of that file; None when it is damaged or not what its name says."""
        try:
            trust = graph.TrustGraph.load(path, seconds)
        except (SnapshotError, OSError, ValueError) as problem:
            self.refuse(path, str(problem))
            return None
        if trust.position != place.id:
            self.refuse(path, "it stands for another place in the log than its name says")
            return None
        return trust

    def refuse(self, path: Path, why: str) -> None:
        """Say so, and don't meet it again at the next start."""
        log.warning("trust_snapshot_refused", file=path.name, why=why)
        path.unlink(missing_ok=True)


def name_of(place: LogPosition) -> str:
    """What a snapshot that stands for that place is called."""
    ticks = 0 if place.at is None else (place.at - _EPOCH) // _TICK
    return f"trust-{SHAPE}-{place.id}-{ticks}.graph"


def _place_of(path: Path) -> LogPosition | None:
    found = _NAME.fullmatch(path.name)
    if found is None or int(found[1]) != SHAPE:
        return None
    try:
        at = _EPOCH + int(found[3]) * _TICK
    except OverflowError:
        return None
    return LogPosition(int(found[2]), at)
