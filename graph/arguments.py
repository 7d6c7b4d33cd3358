"""What a caller gives, looked at before anything is done: whatever does not fit is a `GraphError`."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from graph.errors import GraphError


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
