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

from app.importing.encodings import Report, line_blocks
from app.importing.rules import BadLine, can_be_data, is_header
from app.kernel.errors import Invalid

MAX_LINE_LENGTH = 1 << 16
MAX_JOINED = 200  # lines of one record: an open quote must not swallow the file
_GZIP = b"\x1f\x8b"
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_DELIMITERS = ",;\t|"
_BLOCK = 5000  # records that are handed over at once
# Quotes, comments, a line that says the separator, and control characters other than the tab.
_CLOSER = re.compile(rb'["#=\x00-\x08\x0b-\x1f\x7f]')


class Line(NamedTuple):
    """A record by the number of its first line; either its fields or why it is bad."""

    number: int
    raw: str
    fields: list[str]
    bad: str | None = None


def read_lines(path: Path, kind: str, report: Report) -> Iterator[Line]:
    """As `read_blocks`, line by line."""
    for block in read_blocks(path, kind, report):
        yield from block


def read_blocks(path: Path, kind: str, report: Report) -> Iterator[list[Line]]:
    """Every record that says something, many at a time; comments, empty lines and a header are left out.

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
            for block in _blocks(stream, kind):
                report(min(file.tell(), size), size)
                found = block
                if awaited:
                    awaited, found = _without_header(kind, block)
                if found:
                    yield found
        except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
            raise Invalid(f"{path.name} is damaged or cut off: {problem}", code="bad_file") from problem
    report(size, size)


def _without_header(kind: str, block: list[Line]) -> tuple[bool, list[Line]]:
    """Whether the header is still to come, and the lines without it."""
    for at, line in enumerate(block):
        if line.bad is not None:
            continue
        if is_header(kind, line.fields):
            return False, block[:at] + block[at + 1 :]
        if can_be_data(kind, line.fields):
            return False, block
    return True, block


class _Physical(NamedTuple):
    number: int
    text: str
    bad: str | None


class _Lines:
    """The lines of a file one by one; what is left of a block may be taken at once where it is plain."""

    def __init__(self, stream: BinaryIO) -> None:
        self._blocks = line_blocks(stream, MAX_LINE_LENGTH)
        self._number, self._encoding = 1, "utf-8"
        self._left: deque[bytes] = deque()

    def __iter__(self) -> Iterator[_Physical]:
        return self

    def __next__(self) -> _Physical:
        while not self._left:
            self._number, pieces, self._encoding = next(self._blocks)
            self._left = deque(pieces)
        self._number += 1
        return _decoded(self._number - 1, self._left.popleft(), self._encoding)

    def take_plain(self) -> tuple[int, list[str]] | None:
        """All that is left of the block, and its first number; None where a line of it needs a closer look."""
        if not self._left or self._encoding != "utf-8":
            return None
        whole = b"\n".join(self._left)
        if not whole.isascii() or _CLOSER.search(whole) or max(map(len, self._left)) > MAX_LINE_LENGTH:
            return None
        number, self._number = self._number, self._number + len(self._left)
        self._left.clear()
        return number, whole.decode("ascii").split("\n")


def _blocks(stream: BinaryIO, kind: str) -> Iterator[list[Line]]:
    lines = _Lines(stream)
    waiting: deque[_Physical] = deque()
    mark: str | None = None  # what stands between the fields; None until a line has told
    block: list[Line] = []
    while True:
        plain = lines.take_plain() if mark and not waiting else None
        if plain is not None and mark:
            block += _plain_records(*plain, mark or "")
        else:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                break
            found, mark = _record(line, lines, waiting, mark, kind)
            if found is not None:
                block.append(found)
        if len(block) >= _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _record(
    line: _Physical, lines: Iterator[_Physical], waiting: deque[_Physical], mark: str | None, kind: str
) -> tuple[Line | None, str | None]:
    """The record that begins with this line, if it says something, and what stands between the fields."""
    if line.bad is not None:
        return Line(line.number, line.text, [], line.bad), mark
    text = line.text.strip(" \r\n")
    if not text.strip() or text.startswith("#"):
        return None, mark
    if said := _SEP.fullmatch(text):
        return None, mark or said[1]
    mark = mark or _delimiter(text, kind)
    between = mark or ("," if kind == "items" else " ")
    taken = 0
    if _is_open(text, between):
        text, taken = _joined(text, between, lines, waiting)
    for _ in range(taken):
        waiting.popleft()
    try:
        return Line(line.number, text, _split(text, between)), mark
    except BadLine as problem:
        return Line(line.number, text, [], str(problem)), mark


def _plain_records(number: int, texts: list[str], mark: str) -> list[Line]:
    """Records of lines without quotes and comments: each line is one."""
    if mark in " ," and not any(" " in line or "\t" in line or not line for line in texts):
        return [Line(at, line, line.split(",")) for at, line in enumerate(texts, start=number)]
    found = []
    for at, line in enumerate(texts, start=number):
        text = line.strip(" \r\n")
        if not text or not text.strip():
            continue
        if mark == " " and "," not in text:
            fields = text.split()
        elif mark == " " or mark in text or mark == ",":
            fields = text.split("," if mark == " " else mark)
            if " " in text or "\t" in text:
                fields = [field.strip() for field in fields]
        else:
            fields = _split(text, mark)
        found.append(Line(at, text, fields))
    return found


def _decoded(number: int, raw: bytes, encoding: str) -> _Physical:
    if len(raw) > MAX_LINE_LENGTH:
        return _Physical(number, _shown(raw[:200]), f"longer than {MAX_LINE_LENGTH} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _Physical(number, _shown(raw), "not UTF-8")
    if "\0" in text:
        return _Physical(number, _shown(raw), "has a NUL character")
    if encoding != "utf-8" and "\ufffd" in text:
        return _Physical(number, text, f"not {encoding.upper()}")
    return _Physical(number, text, None)


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
