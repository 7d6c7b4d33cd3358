"""Errors in the language of whoever reads them: the kernel and the rules know none."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from flask_babel import gettext

from app.kernel.errors import DomainError
from app.kernel.money import Money
from app.platform.formats import money

# Calls whose first argument is a text of the catalogue, besides those that Babel knows (`N_` is one of these):
# `pybabel extract -k Invalid -k …`.
ERRORS: Final = ("Invalid", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "TooMany", "StillFails")
MARKERS: Final = (*ERRORS, "Otherwise", "lazy_gettext", "_l")
# Calls with a text for one and a text for several.
PLURALS: Final = ("lazy_ngettext", "plural")
_RIGHT_TO_LEFT: Final = {"R", "AL"}


def worded(error: DomainError) -> str:
    """Say what is wrong in the reader's language; Babel finds the texts in the calls of the error classes."""
    text: str = gettext(error.message_id, **{name: _plain(value) for name, value in error.params.items()})
    return text


def isolated(name: str) -> str:
    """A name written from right to left does not turn the sentence round it."""
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in name):
        return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"
    return name


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return money(value)
    return worded(value) if isinstance(value, DomainError) else value
