"""How letters are compared: what readers take for the same is made the same.

Case, width and accents; Arabic vowel signs, tatweel and the forms of alef and yeh; Hebrew points;
katakana and hiragana; digits of every script; traditional and simplified Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

# Grows when the same text becomes other tokens; the libraries' words and letters count too.
FOLDING: Final = "2/" + "/".join(version(name) for name in ("opencc-python-reimplemented", "snowballstemmer"))

# Latin, Greek and Cyrillic accents; Hebrew points; Arabic vowel signs and marks of the Koran.
_SIGNS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)
# Not seen, and inside words: tatweel, soft hyphen, joiners and non-joiners, marks of direction.
_UNSEEN = re.compile("[\u0640\u00ad\u200c\u200d\u2060\ufeff\u200e\u200f\u061c]")
_DIGIT = re.compile(r"[^\W\D]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Letters that Unicode does not take apart.
_PLAIN: Final = {
    "ß": "ss",
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
    # Alef wasla; Persian and Urdu keheh and yeh, alef maksura, teh marbuta and the forms of heh.
    "ٱ": "ا",
    "ک": "ك",
    "ی": "ي",
    "ې": "ي",
    "ے": "ي",
    "ى": "ي",
    "ة": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    # Katakana as hiragana.
    **{chr(one): chr(one - 0x60) for one in range(0x30A1, 0x30F7)},
}


def fold(text: str) -> str:
    """As it is compared. Hangul and Indic vowels stay what they are; folding again changes nothing."""
    if text.isascii():
        return text.lower()
    # Before and after: 𝕬 is a capital only when it is taken apart, ẞ is two letters only when it is small.
    apart = _UNSEEN.sub("", unicodedata.normalize("NFKD", text))
    apart = unicodedata.normalize("NFKD", apart.casefold())
    whole = unicodedata.normalize("NFC", _SIGNS.sub("", apart)).translate(_TABLE)
    whole = _DIGIT.sub(_ascii_digit, whole)
    return whole.translate(_simplified()) if _HAN.search(whole) else whole


_TABLE: Final = str.maketrans(_PLAIN)


def _ascii_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Letter by letter: phrases would make what is found hang on what stands beside it."""
    table = _pairs("TWVariantsRev") | _pairs("HKVariantsRev")
    simple = _pairs("TSCharacters")
    table = {letter: simple.get(other, other) for letter, other in table.items()} | simple
    # One step must be enough, or a folded text could be folded further.
    for letter in table:
        seen = {letter}
        while (other := table[letter]) in table and other not in seen:
            seen.add(other)
            table[letter] = table[other]
    return {ord(letter): other for letter, other in table.items() if letter != other}


def _pairs(name: str) -> dict[str, str]:
    """A dictionary of OpenCC: a letter, and what it may become, the likeliest first."""
    lines = files("opencc").joinpath("dictionary", f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if "\t" in line)
    return {row[0]: row[1].split()[0] for row in rows if len(row[0]) == 1}
