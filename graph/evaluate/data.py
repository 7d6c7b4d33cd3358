"""Reading trust and ratings in the import format, and cutting them into known and hidden."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


def lines(path: Path) -> Iterator[list[str]]:
    """The fields of every line that is neither empty nor a comment."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in raw.decode().splitlines():
        text = line.split("#", 1)[0].replace(",", " ").split()
        if text:
            yield text


def numbers(path: Path, least: int, most: int) -> list[list[float]]:
    """The lines that hold between `least` and `most` numbers; a header and bad lines are left out."""
    found = []
    for fields in lines(path):
        try:
            row = [float(field) for field in fields[:most]]
        except ValueError:
            continue
        if len(row) >= least:
            found.append(row)
    return found


@dataclass(frozen=True)
class Community:
    """Members and items as indices, who trusts whom, who recommends what and when."""

    members: int
    items: int
    trust: Numbers  # rows of truster, trustee
    weights: Floats
    liked: Numbers  # rows of member, item: ratings in the upper third of the scale
    times: Floats | None  # of `liked`, when the file tells

    def matrix(self, rows: NDArray[np.bool_] | None = None) -> sparse.csr_matrix:
        """Who recommends what, as ones."""
        chosen = self.liked if rows is None else self.liked[rows]
        ones = np.ones(chosen.shape[0])
        made = sparse.csr_matrix((ones, (chosen[:, 0], chosen[:, 1])), shape=(self.members, self.items))
        made.data[:] = 1.0
        return made


def load(trust: Path, ratings: Path, scale: tuple[float, float]) -> Community:
    """Read both files; the last line of a pair holds, distrust and self-trust are left out."""
    edges = {(int(a), int(b)): (rest or [1.0])[0] for a, b, *rest in numbers(trust, 2, 3) if a != b}
    edges = {pair: min(weight, 1.0) for pair, weight in edges.items() if weight > 0}
    low, high = scale
    fine = {(int(m), int(i)): (r, t) for m, i, r, *t in numbers(ratings, 3, 4) if low <= r <= high}
    good = {pair: time for pair, (r, time) in fine.items() if r >= low + (high - low) * 2 / 3}
    people = sorted({who for pair in edges for who in pair} | {who for who, _ in fine})
    things = sorted({item for _, item in fine})
    number = {who: i for i, who in enumerate(people)}
    place = {item: i for i, item in enumerate(things)}
    timed = all(good.values())
    return Community(
        len(people),
        len(things),
        np.array([(number[a], number[b]) for a, b in edges], np.int64).reshape(-1, 2),
        np.array(list(edges.values()), np.float64),
        np.array([(number[m], place[i]) for m, i in good], np.int64).reshape(-1, 2),
        np.array([time[0] for time in good.values()]) if timed and good else None,
    )
