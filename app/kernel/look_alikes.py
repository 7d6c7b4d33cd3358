"""Letters of other alphabets that are drawn like Latin ones (Unicode's confusables, UTS 39)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.kernel.later import Later

if TYPE_CHECKING:
    from confusable_homoglyphs import confusables  # type: ignore[import-untyped] # has no stubs
else:
    confusables = Later("confusable_homoglyphs.confusables")  # reads Unicode's tables

# Scripts whose letters are drawn like Latin ones.
_ALIKE: Final = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


@lru_cache(maxsize=1024)
def drawn_in_latin(text: str) -> str:
    """The text as the eye reads it: small letters without marks, look-alikes as the Latin letter.

    >>> drawn_in_latin("Кinmаrket"), drawn_in_latin("Jürgen")
    ('kinmarket', 'jurgen')
    """
    letters = (one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return "".join(one if one.isascii() else _latin(one) for one in letters)


def mixes_alphabets(word: str) -> bool:
    """Whether Latin letters stand together with ones of another alphabet that are drawn like them.

    >>> mixes_alphabets("аna"), mixes_alphabets("анна"), mixes_alphabets("ana")
    (True, False, False)
    """
    scripts = set()
    for letter in word:
        if letter.isascii():
            if letter.isalpha():
                scripts.add("LATIN")
            continue
        scripts.add(unicodedata.name(letter, "").split(" ")[0])
    return "LATIN" in scripts and bool(scripts & _ALIKE)


def _latin(letter: str) -> str:
    """Where the small letter has no twin, that of the capital: к is read as k, though only К is drawn like K."""
    for one in (letter, letter.upper()):
        for entry in confusables.is_confusable(one, preferred_aliases=[]) or ():
            for twin in entry["homoglyphs"]:
                if len(twin["c"]) == 1 and twin["c"].isascii() and twin["c"].isalpha():
                    return str(twin["c"]).lower()
    return letter
