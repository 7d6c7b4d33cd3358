"""The first letter of a name as a reader sees it: with its accents, and a whole emoji."""

from __future__ import annotations

import unicodedata

MAX_MARKS = 2  # enough for every script's letters, and an end to towers of accents
_JOINER = "\N{ZERO WIDTH JOINER}"


def first_letter(name: str) -> str:
    """In capitals; "?" for a name without a letter to show. After Unicode's UAX #29, simplified.

    >>> first_letter("émile"), first_letter("e\N{COMBINING ACUTE ACCENT}mile") == "E\N{COMBINING ACUTE ACCENT}"
    ('É', True)
    """
    text = name.strip()
    if not text:
        return "?"
    end, marks = 1, 0
    if _is_flag_half(text[0]) and _is_flag_half(text[1:2]):
        return text[:2]
    while end < len(text):
        letter = text[end]
        if letter == _JOINER and end + 1 < len(text):
            end += 2
        elif _is_modifier(letter):
            marks += 1
            if marks > MAX_MARKS:
                break
            end += 1
        else:
            break
    return text[:end].upper()


def _is_flag_half(letter: str) -> bool:
    return bool(letter) and "\U0001f1e6" <= letter <= "\U0001f1ff"


def _is_modifier(letter: str) -> bool:
    """An accent, a vowel sign, a variation selector, or the colour of a hand."""
    return unicodedata.category(letter) in {"Mn", "Mc", "Me"} or "\U0001f3fb" <= letter <= "\U0001f3ff"
