"""How text becomes the tokens that both databases keep, and a question the tokens it asks for.

Neither FTS5's nor PostgreSQL's own parser finds a Chinese word inside a sentence, so words are made
here. Scripts that write without spaces become overlapping pairs of letters (one pair asked is one
pair found). Other words stay whole; a long word of a title also leaves its endings, so that “lampe”
finds “Fahrradlampe”. Every question's last word is taken as a beginning.

What is no word (the kind of a thing, its category, whose it is) is kept as a facet: a token with a
mark that no word has, so that a filter is one more word of the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

LONGEST_WORD = 40
MOST_WORDS = 12
MARK = "¤"  # no letter, no digit: never part of a word; not ASCII: FTS5 does not cut there
IN_PLACE = "in"
_SHORTEST_ENDING = 4
_SHORTEST_BEGINNING = 2
# Most texts need no look at each letter.
_ASCII_WORDS = re.compile("[a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Written without spaces: Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han with its extensions.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# The same without accents; letters that Unicode does not take apart.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Question:
    """Tokens that must all be there; those of `beginnings` may go on; one of `any_of` is enough."""

    whole: tuple[str, ...]
    beginnings: tuple[str, ...]
    any_of: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.whole or self.beginnings)

    def within(self, facets: Iterable[str] = (), near: str = "") -> Question:
        """The same, only among what has all these facets and is in a place that begins so."""
        place = question(near)
        return replace(
            self,
            whole=(*self.whole, *facets, *(facet(IN_PLACE, one) for one in place.whole)),
            beginnings=(*self.beginnings, *(facet(IN_PLACE, one) for one in place.beginnings)),
        )


def facet(name: str, value: object) -> str:
    """A token that says something about the thing, and is no word of it."""
    return f"{MARK}{name}{MARK}{MARK.join(words(str(value)))}"


def place_facets(place: str) -> list[str]:
    """Where a thing is, word by word."""
    return [facet(IN_PLACE, word) for word in document_tokens("", place).split()]


def fold(text: str) -> str:
    """Without case, width and Latin accents; Hangul and Indic vowels stay what they are."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).translate(_PLAIN)


def words(text: str) -> list[str]:
    """Runs of letters, marks and digits, folded."""
    folded = fold(text)
    if folded.isascii():
        return _ASCII_WORDS.findall(folded)
    runs = groupby(folded, key=_is_part)
    return ["".join(run) for part, run in runs if part]


def _is_part(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


def _split_scripts(word: str) -> list[tuple[bool, str]]:
    if word.isascii():
        return [(False, word)]
    runs = groupby(word, key=lambda letter: _UNSPACED.match(letter) is not None)
    return [(unspaced, "".join(run)) for unspaced, run in runs]


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def document_tokens(title: str, body: str = "", facets: Iterable[str] = ()) -> str:
    """Everything by which the text can be found, once each, separated by spaces."""
    found: dict[str, None] = {}
    for text, with_endings in ((title, True), (body, False)):
        for word in words(text):
            for unspaced, run in _split_scripts(word):
                if unspaced:
                    # The last letter alone, so that a single letter asked is found at the end too.
                    found.update(dict.fromkeys([*_pairs(run), run[-1]]))
                else:
                    found.update(dict.fromkeys(_endings(run) if with_endings else [run[:LONGEST_WORD]]))
    found.update(dict.fromkeys(facets))
    return " ".join(found)


def whole_words(text: str) -> list[str]:
    """The words that are written with spaces between them, folded, once each."""
    runs = (run for word in words(text) for unspaced, run in _split_scripts(word) if not unspaced)
    return list(dict.fromkeys(run[:LONGEST_WORD] for run in runs))


def _endings(word: str) -> list[str]:
    word = word[:LONGEST_WORD]
    return [word, *(word[start:] for start in range(1, len(word) - _SHORTEST_ENDING + 1))]


def question(text: str) -> Question:
    """What a member typed; nothing to ask when it has no letters."""
    whole: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    typed = words(text)[:MOST_WORDS]
    for place, word in enumerate(typed):
        last = place == len(typed) - 1
        for unspaced, run in _split_scripts(word):
            if unspaced and len(run) > 1:
                whole.update(dict.fromkeys(_pairs(run)))
            elif unspaced or (last and len(run) >= _SHORTEST_BEGINNING) or len(run) >= _SHORTEST_ENDING:
                beginnings[run[:LONGEST_WORD]] = None
            else:
                whole[run] = None
    return Question(tuple(whole), tuple(beginnings))
