"""Names in the order of the reader's alphabet.

PyICU would know every language, but needs a C library that an installation may not have, and the operating system's
own order depends on what is installed there. What people read in alphabetical order here are names of people, so the
few letters that a language puts after `z` are enough. Chinese names stay in Unicode's order, which goes by radical
and strokes within the common characters; that is near what a dictionary does, not the same.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Letters of their own at the end of the alphabet; elsewhere they are forms of a, o and u.
_LAST: Final = {
    "sv": {"å": "a", "ä": "b", "æ": "b", "ö": "c", "ø": "c"},
    "da": {"æ": "a", "ä": "a", "ø": "b", "ö": "b", "å": "c"},
}
_PLAIN: Final = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})
_AFTER_Z: Final = "z\U0010ffff"


def sort_key(name: str, locale: str) -> tuple[str, str]:
    """By letters first; accents and capitals decide between those that are else the same.

    >>> sorted(["Öz", "Zoe", "Åsa", "Ana", "Älva"], key=lambda name: sort_key(name, "sv"))
    ['Ana', 'Zoe', 'Åsa', 'Älva', 'Öz']
    >>> sorted(["Åse", "Øz", "Zoe", "Ærø"], key=lambda name: sort_key(name, "da"))
    ['Zoe', 'Ærø', 'Øz', 'Åse']
    >>> sorted(["Zoe", "Émile", "Eva", "Åsa"], key=lambda name: sort_key(name, "en"))
    ['Åsa', 'Émile', 'Eva', 'Zoe']
    """
    last = _LAST.get(locale.partition("_")[0], {})
    letters = [
        _AFTER_Z + last[letter] if letter in last else _plain(letter)
        for letter in unicodedata.normalize("NFC", name.casefold())
    ]
    return "".join(letters), name


def _plain(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter)
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(_PLAIN)
