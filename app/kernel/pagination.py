"""Cursors: where the next page begins, opaque to the caller."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from app.kernel.bounds import MAX_WHOLE, moment, read_json, whole
from app.kernel.errors import Invalid

T = TypeVar("T")
MOST = 100
MAX_CURSOR_LENGTH = 4000  # the feed says what was shown


class Offset(int):
    """As a kind of a cursor's part: how many come before, never negative."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page; `next` is None on the last."""

    items: Sequence[T]
    next: str | None


def encode_cursor(*key: Any) -> str:
    """The sort key of the last row, as a URL-safe text."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The key again; raises `Invalid` when it is not of these types. A `datetime` comes from its ISO form."""
    if not cursor:
        return None
    try:
        found = read_json(base64.urlsafe_b64decode(cursor[:MAX_CURSOR_LENGTH] + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, Invalid) as problem:
        raise Invalid("the cursor is damaged", code="bad_cursor") from problem
    fits = isinstance(found, list) and len(found) == len(kinds)
    if not fits or not all(_fits(v, k) for v, k in zip(found, kinds, strict=True)):
        raise Invalid("the cursor belongs to another list", code="bad_cursor")
    return tuple(moment(v) if k is datetime else v for v, k in zip(found, kinds, strict=True))


def encode_ids(ids: Iterable[int]) -> str:
    """Which of a list that moves were shown, as a part of its cursor: what lies between them, in sevens of bits.

    >>> decode_ids(encode_ids([7, 3, 900])) == {3, 7, 900}
    True
    """
    packed, before = bytearray(), 0
    for one in sorted(set(ids)):
        step, before = one - before, one
        while step > 127:
            packed.append(step & 127 | 128)
            step >>= 7
        packed.append(step)
    return base64.b85encode(packed).decode()


def decode_ids(text: str) -> frozenset[int]:
    """The ids again; raises `Invalid` when they are none."""
    try:
        packed = base64.b85decode(text)
    except ValueError as problem:
        raise Invalid("the cursor is damaged", code="bad_cursor") from problem
    found, before, step, shift = set(), 0, 0, 0
    for byte in packed:
        step |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            before += step
            found.add(before)
            step = shift = 0
    return frozenset(found)


def _fits(value: object, kind: type) -> bool:
    """Exactly of the kind: a bool is no number here."""
    if kind is datetime:
        return isinstance(value, str)
    if kind is Offset:
        return type(value) is int and 0 <= value <= MAX_WHOLE
    return type(value) is kind


def limit_of(value: str | int | None, default: int = 30) -> int:
    """`?limit=` within 1 and 100."""
    if value in (None, ""):
        return default
    try:
        number = whole(str(value))
    except ValueError as problem:
        raise Invalid("limit must be a whole number", code="bad_limit") from problem
    if number < 1:
        raise Invalid("limit must be at least 1", code="bad_limit")
    return min(number, MOST)
