"""The graph in one file: written whole, checked whole, mapped into memory.

A file is a line of JSON (magic, version, what follows) and the arrays, each
on a page of its own. The checksum covers everything. A file that is damaged,
of another version or not ours raises `SnapshotError`; it is never trusted.
Pages are mapped copy-on-write, so the graph can change at once and the file
does not.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import SnapshotError

MAGIC = "kinmarket trust graph"
VERSION = 2  # 1 had linear weights
HEADER = 4096
_PAGE = 4096

Arrays = dict[str, NDArray[Any]]


def write(path: Path, about: dict[str, Any], arrays: Arrays) -> None:
    """Write beside `path` and move into place, so that a broken-off write leaves the old file."""
    places, at = {}, 0
    notes = json.dumps(about).encode()
    parts: list[tuple[int, bytes]] = []
    for name, array in {"about": np.frombuffer(notes, np.uint8), **arrays}.items():
        places[name] = [at, array.dtype.str, array.shape[0]]
        parts.append((at, np.ascontiguousarray(array).tobytes()))
        at += -(-array.nbytes // _PAGE) * _PAGE
    body = {"magic": MAGIC, "version": VERSION, "order": sys.byteorder, "length": at, "places": places}
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with beside.open("wb+") as file:
        file.truncate(HEADER + at)
        for place, data in parts:
            file.seek(HEADER + place)
            file.write(data)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            body["checksum"] = zlib.crc32(memoryview(mapped)[HEADER:])
        head = json.dumps(body).encode()
        if len(head) > HEADER - 16:
            raise SnapshotError("too many arrays for the header")
        file.seek(0)
        file.write(head.ljust(HEADER - 8) + b"%08x" % zlib.crc32(head.ljust(HEADER - 8)))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read(path: Path) -> tuple[dict[str, Any], Arrays]:
    """Map a file that is whole and ours; raises `SnapshotError` for any other."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < HEADER:
                raise SnapshotError(f"{path.name} is too short for a snapshot")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    except OSError as error:
        raise SnapshotError(f"{path.name} cannot be read: {error.strerror}") from error
    head = mapped[: HEADER - 8]
    if mapped[HEADER - 8 : HEADER] != b"%08x" % zlib.crc32(head):
        raise SnapshotError(f"{path.name} has a damaged or foreign header")
    body = json.loads(head)
    if (body.get("magic"), body.get("version"), body.get("order")) != (MAGIC, VERSION, sys.byteorder):
        raise SnapshotError(f"{path.name} is of another version or machine")
    if size != HEADER + body["length"]:
        raise SnapshotError(f"{path.name} is cut off")
    if zlib.crc32(memoryview(mapped)[HEADER:]) != body["checksum"]:
        raise SnapshotError(f"{path.name} is damaged")
    arrays: Arrays = {
        name: np.frombuffer(mapped, dtype, length, HEADER + at) for name, (at, dtype, length) in body["places"].items()
    }
    return json.loads(arrays.pop("about").tobytes()), arrays
