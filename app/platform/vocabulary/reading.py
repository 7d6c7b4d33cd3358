"""The vocabulary as this process keeps it.

It is read once, and twice a minute its version is asked for: a change by another process is seen by then.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from flask import Flask
from flask_babel import get_locale
from sqlalchemy import Select, func, select

from app.kernel.vocabulary import Entry, Vocabulary
from app.platform.database import aside, db, in_unit_of_work
from app.platform.slots import Slot
from app.platform.vocabulary.tables import Category

LOOK_EVERY: Final = 30.0  # seconds
_VERSION: Final = select(func.coalesce(func.sum(Category.version), 0))
_ALL: Final = select(
    *(Category.key, Category.parent_key, Category.names, Category.synonyms, Category.hints, Category.retired),
    Category.version,
).order_by(Category.position, Category.key)


class _Kept:
    """What is known, of which version it is, and when that was looked at."""

    def __init__(self) -> None:
        self.known: Vocabulary | None = None
        self.version = -1
        self.looked = 0.0

    def now(self) -> Vocabulary:
        if self.known is None or time.monotonic() - self.looked > LOOK_EVERY:
            self.looked = time.monotonic()
            # Of two threads that come here at once both read the same.
            if self.known is None or _rows(_VERSION)[0][0] != self.version:
                rows = _rows(_ALL)
                self.known, self.version = Vocabulary(map(_entry, rows)), sum(row.version for row in rows)
        return self.known


_KEPT: Slot[_Kept] = Slot("vocabulary", _Kept)


def vocabulary() -> Vocabulary:
    """All categories as they are now."""
    return _KEPT.here().now()


def category_name(word: str | None) -> str:
    """What a category or topic is called in the reader's language; a word of somebody's own is shown as it is."""
    return vocabulary().name(word, str(get_locale() or "en")) if word else ""


def category_choices() -> tuple[tuple[str, str], ...]:
    """Keys and names of what may be chosen, for a list in the reader's language."""
    return vocabulary().choices(str(get_locale() or "en"))


def init_vocabulary(app: Flask) -> None:
    """Templates say `thing.category|category_label`."""
    app.jinja_env.filters["category_label"] = category_name
    app.jinja_env.globals["category_choices"] = category_choices


def _rows(query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    if not in_unit_of_work():
        return db.session.execute(query).all()
    # What this transaction has written may yet be rolled back: look at what stands.
    with aside() as connection:
        return connection.execute(query).all()


def _entry(row: Any) -> Entry:
    return Entry(
        key=row.key,
        parent_key=row.parent_key,
        names=row.names,
        synonyms=tuple(row.synonyms),
        hints=row.hints,
        retired=row.retired,
    )
