"""What may come from outside at all: whole numbers, moments and JSON that every database can hold."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any, Final

from app.kernel.errors import N_, Invalid

MAX_WHOLE: Final = 2**31 - 1
MAX_JSON_WHOLE: Final = 2**63 - 1
DEEPEST: Final = 50
MAX_COUNTED: Final = 1000  # pages count exactly up to here, and say “1,000+” beyond
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


def whole(text: str) -> int:
    """A whole number that fits a column; raises `ValueError`, as `request.args.get(…, type=whole)` wants it."""
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10:
        raise ValueError("no whole number")
    number = int(text)
    if abs(number) > MAX_WHOLE:
        raise ValueError("too large")
    return number


def moment(text: str) -> datetime:
    """A time in ISO 8601, in UTC where it says no zone; raises `Invalid` for one that no calendar needs."""
    try:
        found = datetime.fromisoformat(text)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise Invalid("a time must be in ISO 8601", code="bad_time") from problem
    if not EARLIEST <= found <= LATEST:
        raise Invalid("a time must lie between the years 1900 and 9000", code="bad_time")
    return found


def fits_text(text: str) -> bool:
    """Whether a database and UTF-8 can hold it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def require_bounds(value: Any, depth: int = 0) -> None:
    """Raises `Invalid` when a JSON value holds what nothing here can: see `_trouble`."""
    trouble = _trouble(value, depth)
    if trouble:
        raise Invalid(trouble, code="out_of_bounds")
    if isinstance(value, dict):
        for key, one in value.items():
            require_bounds(key, depth + 1)
            require_bounds(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            require_bounds(one, depth + 1)


def _trouble(value: Any, depth: int) -> str | None:
    if depth > DEEPEST:
        return N_("the JSON is nested too deeply")
    if isinstance(value, str) and not fits_text(value):
        return N_("a text has a character that no text may have")
    if isinstance(value, int) and abs(value) > MAX_JSON_WHOLE:
        return N_("a number is too large")
    if isinstance(value, float) and not math.isfinite(value):
        return N_("a number is not finite")
    return None


def read_json(text: str | bytes) -> Any:
    """JSON from outside within these bounds; raises `ValueError` for what is none, `Invalid` beyond them."""
    try:
        found = json.loads(text)
    except RecursionError as problem:
        raise Invalid("the JSON is nested too deeply", code="out_of_bounds") from problem
    require_bounds(found)
    return found
