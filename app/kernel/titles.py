"""What can be the title of a thing: one rule for every field that asks for one."""

from __future__ import annotations

import unicodedata
from typing import Final

# One letter of these is a word: ideographs, kana and Hangul syllables.
_WHOLE_WORDS: Final = (
    *("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH"),
    *("HIRAGANA", "KATAKANA", "HANGUL SYLLABLE"),
)
_BLANK: Final = "\u2800"  # a sign of Braille without a dot
_FEWEST: Final = 2  # letters or digits of other scripts


def is_title(text: str) -> bool:
    """Whether it says something: `TV`, `茶` and `1984` do, `???`, `…` and `x` do not."""
    letters = [one for one in text if one.isalnum()]
    return len(letters) >= _FEWEST or any(unicodedata.name(one, "").startswith(_WHOLE_WORDS) for one in letters)


def is_name(text: str) -> bool:
    """Whether there is something to see and to say: a letter, a digit or a picture; marks alone are nothing."""
    return any(one.isalnum() or (unicodedata.category(one) == "So" and one != _BLANK) for one in text)
