"""Reading an import file record by record, whatever program has written it."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from app.importing.encodings import Report, physical_lines
from app.importing.rules import BadLine, can_be_data, is_header
from app.kernel.errors import Invalid

MAX_LINE_LENGTH = 1 << 16
MAX_JOINED = 200  # lines of one record: an open quote must not swallow the file
_GZIP = b"\x1f\x8b"
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_DELIMITERS = ",;\t|"


class Line(NamedTuple):
    """A record by the number of its first line; either its fields or why it is bad."""

    number: int
    raw: str
    fields: list[str]
    bad: str | None = None


def read_lines(path: Path, kind: str, report: Report) -> Iterator[Line]:
    """Every record that says something; comments, empty lines and a header are left out.

    A header is the first line that names the columns, before any line that fills them.
    `report(bytes read, bytes in all)` is called now and then.
    """
    size = path.stat().st_size
    awaited = True  # the header
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
        try:
            for count, line in enumerate(_records(stream, kind), start=1):
                if count % 2000 == 0:
                    report(min(file.tell(), size), size)
                if awaited and line.bad is None:
                    if is_header(kind, line.fields):
                        awaited = False
                        continue
                    awaited = not can_be_data(kind, line.fields)
                yield line
        except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
            raise Invalid(f"{path.name} is damaged or cut off: {problem}", code="bad_file") from problem
    report(size, size)


class _Physical(NamedTuple):
    number: int
    text: str
    bad: str | None


def _records(stream: BinaryIO, kind: str) -> Iterator[Line]:
    lines = _decoded(stream)
    waiting: deque[_Physical] = deque()
    mark: str | None = None  # what stands between the fields; None until a line has told
    while (line := waiting.popleft() if waiting else next(lines, None)) is not None:
        if line.bad is not None:
            yield Line(line.number, line.text, [], line.bad)
            continue
        text = line.text.strip(" \r\n")
        if not text.strip() or text.startswith("#"):
            continue
        if said := _SEP.fullmatch(text):
            mark = mark or said[1]
            continue
        mark = mark or _delimiter(text, kind)
        between = mark or ("," if kind == "items" else " ")
        taken = 0
        if _is_open(text, between):
            text, taken = _joined(text, between, lines, waiting)
        for _ in range(taken):
            waiting.popleft()
        try:
            yield Line(line.number, text, _split(text, between))
        except BadLine as problem:
            yield Line(line.number, text, [], str(problem))


def _decoded(stream: BinaryIO) -> Iterator[_Physical]:
    for number, raw, encoding in physical_lines(stream, MAX_LINE_LENGTH):
        if len(raw) > MAX_LINE_LENGTH:
            yield _Physical(number, _shown(raw[:200]), f"longer than {MAX_LINE_LENGTH} bytes")
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            yield _Physical(number, _shown(raw), "not UTF-8")
            continue
        if "\0" in text:
            yield _Physical(number, _shown(raw), "has a NUL character")
        elif encoding != "utf-8" and "\ufffd" in text:
            yield _Physical(number, text, f"not {encoding.upper()}")
        else:
            yield _Physical(number, text, None)


def _delimiter(text: str, kind: str) -> str | None:
    """What this line has most of, outside quotes; None when it has none of them.

    A blank stands for white-space, or commas where there are any.
    """
    bare = re.sub(r'"[^"]*"', "", text)
    most = max(_DELIMITERS, key=lambda one: (bare.count(one), -_DELIMITERS.index(one)))
    if not bare.count(most):
        return None
    return " " if most == "," and kind != "items" else most


def _split(text: str, mark: str) -> list[str]:
    if mark == " " or (mark not in text and mark != ","):
        return _split_loose(text)
    return [field.strip() for field in _split_csv(text, mark)]


def _split_loose(text: str) -> list[str]:
    """By commas where there are any, else by white-space; a comment may follow."""
    if "," in text:
        return [field.strip() for field in _split_csv(text, ",")]
    fields = text.split()
    for at, field in enumerate(fields):
        if field.startswith("#"):
            return fields[:at]
    return fields


def _split_csv(text: str, mark: str) -> list[str]:
    if '"' not in text:
        return text.split(mark)
    try:
        rows = _rows(text, mark)
    except csv.Error as problem:
        raise BadLine(f"the quotes do not fit: {problem}") from problem
    if len(rows) != 1:
        raise BadLine("the quotes do not fit")
    return rows[0]


def _rows(text: str, mark: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=True))


def _is_open(text: str, mark: str) -> bool:
    """Whether a quoted field goes on in the next line."""
    if '"' not in text:
        return False
    between = "," if mark == " " else mark
    try:
        _rows(text, between)
    except csv.Error as problem:
        return "unexpected end of data" in str(problem)
    return False


def _joined(text: str, mark: str, lines: Iterator[_Physical], waiting: deque[_Physical]) -> tuple[str, int]:
    """The record with the lines that it goes on in, and how many; alone where its quotes never close."""
    whole = text
    between = "," if mark == " " else mark
    for at in range(MAX_JOINED):
        if at == len(waiting):
            waiting.extend(islice(lines, 1))
        if at == len(waiting) or waiting[at].bad is not None or len(whole) > MAX_LINE_LENGTH:
            break
        whole += "\n" + waiting[at].text
        if '"' not in waiting[at].text:
            continue
        try:
            rows = _rows(whole, between)
        except csv.Error as problem:
            if "unexpected end of data" in str(problem):
                continue
            break
        return (whole, at + 1) if len(rows) == 1 else (text, 0)
    return text, 0


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()
