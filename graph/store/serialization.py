"""What of a trust graph goes into a snapshot, and how it comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from graph.compiling import expect_edges
from graph.errors import SnapshotError
from graph.store import snapshot
from graph.store.adjacency import Adjacency
from graph.store.ids import Ids
from graph.store.ties import Tie, Ties


def save(
    path: Path,
    ids: Ids,
    adjacency: Adjacency,
    ties: Ties,
    blocks: dict[int, dict[int, int]],
    reports: dict[int, set[int]],
    position: int,
) -> None:
    """Write everything, just laid out; `position` tells from where on to follow the event log."""
    about: dict[str, Any] = {
        "position": position,
        "members": adjacency.members,
        "edges": adjacency.edges,
        "names": [[i, name] for i, name in ids.named.items()],
        "ties": [[key, [[t.kind, t.code, t.topic, t.until] for t in made]] for key, made in ties.made_of.items()],
        "blocks": [[who, list(held.items())] for who, held in blocks.items()],
        "reports": [[who, sorted(named)] for who, named in reports.items()],
    }
    arrays: snapshot.Arrays = {
        "keys": ids.keys,
        "table": ids.table,
        "rows": adjacency.rows[: 4 * adjacency.members],
        "pool": adjacency.pool,
        "free": adjacency.free,
    }
    snapshot.write(path, about, arrays)


def load(
    path: Path, ids: Ids, adjacency: Adjacency, ties: Ties
) -> tuple[dict[int, dict[int, int]], dict[int, set[int]], int]:
    """Fill empty ids, adjacency and ties; gives back blocks, reports and the position."""
    about, arrays = snapshot.read(path)
    try:
        ids.restore(
            arrays["keys"],
            arrays["table"],
            dict(about["names"]),
        )
        adjacency.members, adjacency.edges = about["members"], about["edges"]
        expect_edges(adjacency.edges)
        adjacency.rows = arrays["rows"]
        adjacency.take(arrays["pool"], arrays["free"].astype(np.int64))
        for key, made in about["ties"]:
            ties.set(key, tuple(Tie(*tie) for tie in made))
        blocks = {who: dict(held) for who, held in ((w, map(tuple, h)) for w, h in about["blocks"])}
        reports = {who: set(named) for who, named in about["reports"]}
        position = int(about["position"])
    except (KeyError, TypeError, ValueError) as error:
        raise SnapshotError(f"{path.name} does not hold what a snapshot holds: {error}") from error
    return blocks, reports, position
