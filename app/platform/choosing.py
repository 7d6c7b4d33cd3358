"""Joiners and variation selectors: they choose a shape, and where there is none to choose nobody sees them.

In a line, which may be a name, such a one would make two that look the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINERS: Final = frozenset("\u200c\u200d")
_CHOOSING = re.compile("[\u180b-\u180d\u200c\u200d\ufe00-\ufe0f]")
# Never seen anywhere: the grapheme joiner, Khmer's inherent vowels, Braille without a dot.
_NEVER_SEEN = re.compile("[\u034f\u17b4\u17b5\u2800]")
_KEYCAP: Final = "\u20e3"


def only_at_work(text: str) -> str:
    """The text without those that change nothing: `A`, joiner, `na` is `Ana`; Persian and emoji keep theirs."""
    text = _NEVER_SEEN.sub("", text)
    if _CHOOSING.search(text) is None:
        return text
    kept: list[str] = []
    for place, letter in enumerate(text):
        after = text[place + 1 : place + 2]
        if _CHOOSING.match(letter) is None or _works(letter, kept, after):
            kept.append(letter)
    return "".join(kept)


def _works(letter: str, before: list[str], after: str) -> bool:
    if letter in _JOINERS:
        base = next((one for one in reversed(before) if not unicodedata.category(one).startswith("M")), "")
        return _joins(base) and bool(after.strip()) and after not in _JOINERS
    if not before or _CHOOSING.match(before[-1]):
        return False
    kind = unicodedata.category(before[-1])
    return kind == "Lo" or kind.startswith(("S", "P")) or (kind == "Nd" and after == _KEYCAP) or before[-1] in "#*"


def _joins(base: str) -> bool:
    """Arabic, Indic and other scripts whose letters have no capitals and join; pictures with their skin."""
    kind = unicodedata.category(base) if base else ""
    return kind in {"So", "Sk"} or (kind == "Lo" and unicodedata.east_asian_width(base) not in {"W", "F"})
