"""Reading trust and ratings in the import format, whatever they look like."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph.walk.push import DAMPING

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LATEST = 7_258_118_400  # what lies beyond the year 2200 is no time
_GZIP = b"\x1f\x8b"


class Unreadable(Exception):
    """A file that cannot be read at all; the message says why."""


def rows(path: Path) -> Iterator[list[str]]:
    """The fields of every line that is neither empty nor a comment: by commas, else by white-space."""
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if raw.startswith(_GZIP) else raw
    except (OSError, EOFError, zlib.error) as problem:
        raise Unreadable(f"{path}: {problem}") from problem
    for line in raw.decode("utf-8-sig", "replace").splitlines():
        text = line.split("#", 1)[0].strip()
        if text:
            yield ([cell.strip(" \t\"'") for cell in text.split(",")] if "," in text else text.split())


def number(fields: list[str], at: int) -> float:
    """The number in a field; NaN for a field that is missing or holds none."""
    try:
        return float(fields[at])
    except (IndexError, ValueError):
        return math.nan


def _time(fields: list[str]) -> float:
    """The time in the fourth field; NaN for none."""
    time = number(fields, 3)
    return time if 0 < time < LATEST else math.nan


def _all_timed(times: Floats) -> bool:
    """Whether everything has a time, and not the same."""
    return bool(times.shape[0]) and not np.isnan(times).any() and np.unique(times).shape[0] > 1


@dataclass(frozen=True)
class Community:
    """Members and items as indices, who trusts whom, who recommends what and when."""

    members: int
    items: int
    trust: Numbers  # rows of truster, trustee
    weights: Floats
    liked: Numbers  # rows of member, item: ratings of at least the limit
    times: Floats | None  # of `liked`, when the file tells
    notes: list[str] = field(default_factory=list)  # what a reader of the figures should know
    damping: float = DAMPING  # of the walks over its trust
    trust_times: Floats | None = None  # of `trust`, when the file tells

    def until(self, time: float) -> Community:
        """The same without trust given later; as it is where trust has no times."""
        if self.trust_times is None:
            return self
        then = self.trust_times <= time
        return replace(
            self,
            trust=self.trust[then],
            weights=self.weights[then],
            trust_times=self.trust_times[then],
        )

    def matrix(self, rows: Flags | None = None) -> sparse.csr_matrix:
        """Who recommends what, as ones."""
        chosen = self.liked if rows is None else self.liked[rows]
        ones = np.ones(chosen.shape[0])
        made = sparse.csr_matrix((ones, (chosen[:, 0], chosen[:, 1])), shape=(self.members, self.items))
        made.data[:] = 1.0
        return made


def read_trust(path: Path | None, notes: list[str]) -> dict[tuple[str, str], tuple[float, float]]:
    """Pairs, weights, times (NaN: none); distrust and self-trust are left out, the last line of a pair holds."""
    edges: dict[tuple[str, str], tuple[float, float]] = {}
    bad = 0
    for line, fields in enumerate(rows(path) if path else ()):
        weight = number(fields, 2) if len(fields) > 2 and fields[2] else 1.0
        if len(fields) < 2 or not math.isfinite(weight) or fields[0] == fields[1]:
            bad += line > 0  # the first may name the columns
            continue
        edges[fields[0], fields[1]] = weight, _time(fields)
    if len(edges) > 1 and _names_columns(next(iter(edges))):
        del edges[next(iter(edges))]
    trusted = {pair: (min(weight, 1.0), time) for pair, (weight, time) in edges.items() if weight > 0}
    if bad:
        notes.append(f"{bad:,} lines of trust left out: no pair, no number, or trust in oneself")
    if not trusted:
        notes.append("no trust: what needs it is left out")
    return trusted


def _names_columns(pair: tuple[str, str]) -> bool:
    """A first line of two words without a digit, as `truster,trustee`."""
    return not any(letter.isdigit() for word in pair for letter in word) and "" not in pair


def read_likes(
    path: Path | None, scale: tuple[float, float], limit: float, notes: list[str]
) -> tuple[dict[tuple[str, str], float], set[str]]:
    """Recommended pairs with their time (NaN: none), and everybody who has rated anything."""
    low, high = scale
    found: dict[tuple[str, str], tuple[float, float]] = {}
    bad = outside = 0
    for line, fields in enumerate(rows(path) if path else ()):
        rating = number(fields, 2)
        if math.isnan(rating) or not (fields[0] and fields[1]):
            bad += line > 0
        elif not low <= rating <= high:
            outside += 1
        else:
            found[fields[0], fields[1]] = rating, _time(fields)
    good = {pair: time for pair, (rating, time) in found.items() if rating >= limit - 1e-9}
    if bad:
        notes.append(f"{bad:,} lines of ratings left out: too few fields, or no number")
    if outside:
        notes.append(f"{outside:,} ratings lie outside {low:g}:{high:g} and are left out; --scale says otherwise")
    if not good:
        notes.append("no recommendations: what needs them is left out")
    return good, {member for member, _ in found}


def load(
    trust: Path | None,
    ratings: Path | None,
    scale: tuple[float, float],
    limit: float | None = None,
) -> Community:
    """Read both files, either of which may be missing; raises `Unreadable`."""
    notes: list[str] = []
    low, high = scale
    edges = read_trust(trust, notes)
    good, raters = read_likes(ratings, scale, high - (high - low) / 3 if limit is None else limit, notes)
    people = sorted({who for pair in edges for who in pair} | raters, key=_by_number)
    things = sorted({item for _, item in good}, key=_by_number)
    person = {who: i for i, who in enumerate(people)}
    place = {item: i for i, item in enumerate(things)}
    times = np.array(list(good.values()), np.float64)
    given = np.array(list(edges.values()), np.float64).reshape(-1, 2)
    return Community(
        len(people),
        len(things),
        np.array([(person[a], person[b]) for a, b in edges], np.int64).reshape(-1, 2),
        given[:, 0],
        np.array([(person[m], place[i]) for m, i in good], np.int64).reshape(-1, 2),
        times if _all_timed(times) else None,
        notes,
        trust_times=given[:, 1] if _all_timed(given[:, 1]) else None,
    )


def _by_number(name: str) -> tuple[int, int | str]:
    return (0, int(name)) if name.isdecimal() else (1, name)
