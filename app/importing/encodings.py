"""Bytes of a file as numbered lines: UTF-8 or UTF-16, ended by LF, CR LF or CR alone."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

Report = Callable[[int, int], None]

_CHUNK = 1 << 18
_ENDS = re.compile(rb"\r\n|\n|\r")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def line_blocks(stream: BinaryIO, longest: int) -> Iterator[tuple[int, list[bytes], str]]:
    """Lines as they come from the file: number of the first, bytes in UTF-8 without ends, and the file's encoding.

    Of a line that is too long only the beginning comes, longer than `longest`; it counts once.
    """
    first = stream.read(_CHUNK)
    encoding, mark = _encoding(first)
    number, rest, skipping = 1, b"", False
    for data, last in _chunks(stream, first[len(mark) :], encoding):
        # A CR at the end may be the first half of CR LF.
        held = b"\r" if data.endswith(b"\r") and not last else b""
        pieces = _split(rest + (data[:-1] if held else data))
        rest = pieces.pop() + held
        if skipping and pieces:
            skipping = False
            del pieces[0]
        if skipping:
            rest = held
        elif len(rest) > longest + 1:
            skipping = True
            pieces.append(rest[: longest + 1])
            rest = held
        if pieces:
            yield number, [one[: longest + 1] for one in pieces], encoding
            number += len(pieces)
    if rest and not skipping:
        yield number, [rest], encoding


def _split(data: bytes) -> list[bytes]:
    return _ENDS.split(data) if b"\r" in data else data.split(b"\n")


def _encoding(first: bytes) -> tuple[str, bytes]:
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name, mark
    # Without a mark: text of mostly ASCII letters has every second byte empty.
    some = first[:400]
    half = len(some) // 2
    if half >= 2 and some[1::2].count(0) * 10 >= half * 8 and not some[0::2].count(0):
        return "utf-16-le", b""
    if half >= 2 and some[0::2].count(0) * 10 >= half * 8 and not some[1::2].count(0):
        return "utf-16-be", b""
    return "utf-8", b""


def _chunks(stream: BinaryIO, first: bytes, encoding: str) -> Iterator[tuple[bytes, bool]]:
    """Chunks in UTF-8, each with whether it is the last."""
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)(errors="replace")
    chunk = first
    while True:
        following = stream.read(_CHUNK)
        last = not following
        yield (chunk if decoder is None else decoder.decode(chunk, last).encode()), last
        if last:
            return
        chunk = following
