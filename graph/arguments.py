"""What a caller gives, looked at before anything is done: whatever does not fit is a `GraphError`."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from graph.errors import GraphError
from graph.kinds import Id, IntArray

_PLAIN = frozenset((int, str))


def whole(value: object, what: str, least: int = 0) -> int:
    """A whole number, of any integer type.

    >>> whole(np.int16(3), "top")
    3
    """
    if not isinstance(value, bool | np.bool_ | np.ndarray):
        try:
            number = operator.index(value)  # type: ignore[arg-type] # that is what is being asked
        except TypeError:
            number = least - 1
        if number >= least:
            return number
    raise GraphError(f"{what} is a whole number and at least {least}, not {value!r}")


def wholes(values: object, what: str, least: int = 0) -> list[int]:
    """Several whole numbers."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise GraphError(f"several numbers are asked for, not {values!r}")
    return [whole(one, what, least) for one in values]


def real(value: object, what: str) -> float:
    """A number that is one (endless is allowed)."""
    if not isinstance(value, bool | np.bool_ | str | bytes | np.ndarray):
        try:
            number = float(value)  # type: ignore[arg-type] # that is what is being asked
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isnan(number):
            return number
    raise GraphError(f"{what} is a number, not {value!r}")


def text(value: object, what: str) -> str:
    """A word, of any string type."""
    if isinstance(value, str):
        return str.__str__(value)
    raise GraphError(f"{what} is a str, not {value!r}")


def some_text(value: object, what: str) -> str | None:
    """A word or None."""
    return None if value is None else text(value, what)


def function(value: Any, what: str) -> Callable[..., Any]:
    """Something to call."""
    if callable(value):
        found: Callable[..., Any] = value
        return found
    raise GraphError(f"{what} is a function, not {value!r}")


def file(value: object) -> Path:
    """Where a file is or shall be."""
    try:
        return Path(value)  # type: ignore[arg-type] # that is what is being asked
    except TypeError:
        raise GraphError(f"a path is a str or a Path, not {value!r}") from None


def as_id(who: object) -> Id:
    """The id as a plain str or int; raises for what is neither.

    >>> as_id(np.int32(7)), as_id("ana")
    (7, 'ana')
    """
    if type(who) is int or type(who) is str:
        return who
    if isinstance(who, str):
        return str.__str__(who)
    if not isinstance(who, bool | np.bool_ | np.ndarray):
        try:
            return operator.index(who)  # type: ignore[arg-type] # that is what is being asked
        except TypeError:
            pass
    raise GraphError(f"an id is a str or an int, not {who!r}")


def as_ids(who: object) -> list[Id]:
    """Several ids, as a list of plain ones; raises for one alone and for what holds none."""
    if isinstance(who, np.ndarray):
        if who.ndim != 1:
            raise GraphError("ids come as a flat sequence")
        if who.dtype.kind in "iu":
            plain: list[Id] = who.tolist()
            return plain
    if isinstance(who, str | bytes | bytearray) or not isinstance(who, Iterable):
        raise GraphError(f"several ids are asked for, such as a list of them, not {who!r}")
    given = list(who)
    return given if _PLAIN.issuperset(map(type, given)) else [as_id(one) for one in given]


def column(who: object) -> IntArray | list[Id]:
    """Several ids: as 64-bit numbers where all are, else as plain ids."""
    if isinstance(who, np.ndarray) and who.ndim == 1 and _fits(who.dtype):
        return np.ascontiguousarray(who, np.int64)
    plain = as_ids(who)
    if str in map(type, plain):
        return plain
    try:
        return np.fromiter(plain, np.int64, len(plain))
    except OverflowError:
        return plain


def _fits(dtype: np.dtype[np.generic]) -> bool:
    return dtype.kind == "i" or (dtype.kind == "u" and dtype.itemsize < 8)
