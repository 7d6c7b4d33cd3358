"""Scripts that are written without spaces, or whose endings are glued to what stands before them.

Beside a letter of one of these an address, a name or a mark begins and ends as beside a space.
"""

from __future__ import annotations

import re
from typing import Final

# Thai, Lao, Tibetan, Burmese, Hangul, Khmer, kana, bopomofo, Han and the full-width forms, as the inside
# of a character class.
UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ec6\u0f40-\u0fbc\u1000-\u109f\u1100-\u11ff\u1780-\u17d3"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)

_LETTER = re.compile(f"[{UNSPACED}]")


def is_unspaced(letter: str) -> bool:
    """Whether words of this letter's script stand side by side without a space.

    >>> is_unspaced("看"), is_unspaced("я"), is_unspaced("a")
    (True, False, False)
    """
    return _LETTER.match(letter) is not None
