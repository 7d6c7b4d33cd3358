"""The stem of a word, so that `lamps` finds `lamp` and `berry` finds `berries`.

Which language a text is in is not known, and the stemmers of two languages disagree about one word: there
is one for each script. Other languages of the Latin script are helped by beginnings and endings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.kernel.later import Later

if TYPE_CHECKING:
    import snowballstemmer
else:
    snowballstemmer = Later("snowballstemmer")  # only who searches, or writes something to be found

SHORTEST: Final = 3  # letters
LONGEST: Final = 40
MARK: Final = "≈"  # no letter, no digit, not ASCII: a stem is never taken for a word
_LANGUAGES: Final = (
    (re.compile("[a-z]+"), "english"),
    (re.compile("[\u0430-\u044f]+"), "russian"),
    (re.compile("[\u0621-\u064a]+"), "arabic"),
)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str | None:
    """The stem of a folded word; None where there is no stemmer for it."""
    if not SHORTEST <= len(word) <= LONGEST:
        return None
    for letters, language in _LANGUAGES:
        if letters.fullmatch(word):
            found: str = _stemmer(language).stemWord(word)
            return found if len(found) > 1 else None
    return None


def stem_token(word: str) -> str | None:
    """By which a word is found through its stem; None where the word is its own stem, or has none."""
    found = stem(word)
    return None if found is None or found == word else MARK + found


@lru_cache(maxsize=8)
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)
