"""Reading an import file line by line, whatever it looks like."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from app.importing.rules import BadLine, is_header
from app.kernel.errors import Invalid

LONGEST_LINE = 1 << 16
_GZIP = b"\x1f\x8b"

Report = Callable[[int, int], None]


class Line(NamedTuple):
    """A line by its number; either its fields or why it is bad."""

    number: int
    raw: str
    fields: list[str]
    bad: str | None = None


def read_lines(path: Path, kind: str, report: Report) -> Iterator[Line]:
    """Every line that says something; comments, empty lines and a header are left out.

    `report(bytes read, bytes in all)` is called now and then.
    """
    split = _split_csv if kind == "items" else _split
    size = path.stat().st_size
    first = True
    with path.open("rb") as file:
        for count, raw in enumerate(_raw_lines(path, file), start=1):
            if count % 2000 == 0:
                report(min(file.tell(), size), size)
            line = _line(count, raw, split)
            if line is None:
                continue
            if first and line.bad is None and is_header(kind, line.fields):
                first = False
                continue
            first = False
            yield line
    report(size, size)


def _raw_lines(path: Path, file: BinaryIO) -> Iterator[bytes]:
    packed = file.read(2) == _GZIP
    file.seek(0)
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
    try:
        while raw := stream.readline(LONGEST_LINE):
            yield raw
            # The rest of a line that is too long is skipped; the line counts once.
            while len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST_LINE)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise Invalid(f"{path.name} is damaged or cut off: {problem}", code="bad_file") from problem


def _line(count: int, raw: bytes, split: Callable[[str], list[str]]) -> Line | None:
    if count == 1:
        raw = raw.removeprefix(b"\xef\xbb\xbf")
    if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
        return Line(count, _shown(raw[:200]), [], f"longer than {LONGEST_LINE} bytes")
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return Line(count, _shown(raw), [], "not UTF-8")
    if not text or text.startswith("#"):
        return None
    if "\0" in text:
        return Line(count, _shown(raw), [], "has a NUL character")
    try:
        return Line(count, text, split(text))
    except BadLine as problem:
        return Line(count, text, [], str(problem))


def _split(text: str) -> list[str]:
    """By commas where there are any, else by white-space; a comment may follow."""
    if "," in text:
        return [field.strip() for field in _split_csv(text)]
    fields = text.split()
    for at, field in enumerate(fields):
        if field.startswith("#"):
            return fields[:at]
    return fields


def _split_csv(text: str) -> list[str]:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True, skipinitialspace=True))
    except csv.Error as problem:
        raise BadLine(f"the quotes do not fit: {problem}") from problem


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()
