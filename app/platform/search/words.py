"""How text becomes the tokens that both databases keep, and a question the tokens it asks for.

Neither FTS5's nor PostgreSQL's own parser finds a Chinese word inside a sentence, so words are made
here. Scripts that write without spaces become overlapping pairs of letters (one pair asked is one
pair found). Other words stay whole; a long word of a title also leaves its endings, so that “lampe”
finds “Fahrradlampe”. Every question's last word is taken as a beginning.

Letters and digits that touch are one word and two: “12v” and “12 v” find each other, and neither finds
“v12”. A word also leaves its stem (`search_stems`), with a mark of its own.

What is no word (the kind of a thing, its category, whose it is) is kept as a facet: a token with a
mark that no word has, so that a filter is one more word of the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise

from app.platform.search.folding import fold
from app.platform.search.stems import MARK as STEM
from app.platform.search.stems import SHORTEST as MIN_STEMMED_LENGTH
from app.platform.search.stems import stem, stem_token

MAX_WORD_LENGTH = 40
MAX_WORDS = 12
MARK = "¤"  # no letter, no digit: never part of a word; not ASCII: FTS5 does not cut there
IN_PLACE = "in"
_MIN_ENDING_LENGTH = 4
_MIN_BEGINNING_LENGTH = 2
_MAX_NUMBER_LENGTH = 6  # digits that stand with a unit or a name
# Most texts need no look at each letter.
_ASCII_WORDS = re.compile("[a-z0-9]+")
_RUNS = re.compile("[0-9]+|[^0-9]+")
# Written without spaces: Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han with its extensions.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word that may be there in one of several forms."""

    whole: tuple[str, ...]
    beginnings: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The token of the stem that all its forms share."""
        return self.whole[-1]


@dataclass(frozen=True, slots=True)
class Question:
    """Tokens that must all be there; those of `beginnings` may go on; of `any_of`, and of each term, one is enough."""

    whole: tuple[str, ...]
    beginnings: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.whole or self.beginnings or self.terms)

    def within(self, facets: Iterable[str] = (), near: str = "") -> Question:
        """Narrow the question to what has all these facets and is in a place that begins so."""
        # A place is a name: it has no other forms.
        place = question(near, with_stems=False)
        return replace(
            self,
            whole=(*self.whole, *facets, *(facet(IN_PLACE, one) for one in place.whole)),
            beginnings=(*self.beginnings, *(facet(IN_PLACE, one) for one in place.beginnings)),
        )


def facet(name: str, value: object) -> str:
    """A token that says something about the thing, and is no word of it."""
    text = str(value)
    # Numbers, and names that are a single small word, are what folding would leave of them.
    folded = text if _ASCII_WORDS.fullmatch(text) else MARK.join(words(text))
    return f"{MARK}{name}{MARK}{folded}"


def stem_anchors(tokens: Iterable[str]) -> list[str]:
    """The stems of all words that begin one of these tokens, as `Term.stem` has them."""
    found: dict[str, None] = {}
    for token in tokens:
        if token[0] in STEM + MARK:
            continue
        for length in range(MIN_STEMMED_LENGTH, len(token) + 1):
            if (root := stem(token[:length])) is not None:
                found[STEM + root] = None
    return list(found)


def place_facets(place: str) -> list[str]:
    """Where a thing is, word by word."""
    if not place:
        return []
    tokens = document_tokens("", place).split()
    return [facet(IN_PLACE, word) for word in tokens if not word.startswith(STEM)]


def words(text: str) -> list[str]:
    """Runs of letters, marks and digits, folded."""
    folded = fold(text)
    if folded.isascii():
        return _ASCII_WORDS.findall(folded)
    runs = groupby(folded, key=_is_part)
    return ["".join(run) for part, run in runs if part]


def parts(text: str) -> list[str]:
    """Part the text into words, and numbers from the letters that they touch."""
    return [run for word in words(text) for run in _RUNS.findall(word)]


def _is_part(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


def _split_scripts(word: str) -> list[tuple[bool, str]]:
    if word.isascii():
        return [(False, word)]
    runs = groupby(word, key=lambda letter: _UNSPACED.match(letter) is not None)
    return [(unspaced, "".join(run)) for unspaced, run in runs]


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def document_tokens(title: str, body: str = "", facets: Iterable[str] = (), *, with_forms: bool = True) -> str:
    """Everything by which the text can be found, once each, separated by spaces.

    `with_forms` adds stems, and numbers together with what stands beside them.
    """
    found: dict[str, None] = {}
    for text, with_endings in ((title, True), (body, False)):
        before = ""
        for word in words(text):
            for unspaced, run in _split_scripts(word):
                if unspaced:
                    # The last letter alone, so that a single letter asked is found at the end too.
                    found.update(dict.fromkeys([*_pairs(run), run[-1]]))
                    before = ""
                    continue
                found.update(dict.fromkeys(_endings(run) if with_endings else [run[:MAX_WORD_LENGTH]]))
                if not with_forms:
                    continue
                runs, stems = _taken_apart(run)
                found.update(dict.fromkeys(_numbered(before, runs)))
                found.update(dict.fromkeys(stems))
                before = runs[-1]
    found.update(dict.fromkeys(facets))
    return " ".join(found)


@lru_cache(maxsize=16_384)
def _taken_apart(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Letters and numbers of a word, and the tokens of their stems; the same words come again and again."""
    runs = tuple(_RUNS.findall(word))
    return runs, tuple(filter(None, map(stem_token, runs)))


def _numbered(before: str, runs: Sequence[str]) -> list[str]:
    """Numbers with what they stand beside, and each by itself; `before` is the end of the word before."""
    if len(runs) == 1 and (not before or before[0].isdigit() == runs[0][0].isdigit()):
        return []
    made = [run[:MAX_WORD_LENGTH] for run in runs] if len(runs) > 1 else []
    near = [before, *runs] if before and before[0].isdigit() != runs[0][0].isdigit() else runs
    for first, second in pairwise(near):
        number = first if first[0].isdigit() else second
        if len(number) <= _MAX_NUMBER_LENGTH:
            made.append((first + second)[:MAX_WORD_LENGTH])
    return made


def spaced_parts(word: str) -> list[str]:
    """Of one folded word, what is written with spaces: letters and numbers apart."""
    runs = (run for unspaced, run in _split_scripts(word) if not unspaced)
    return [part[:MAX_WORD_LENGTH] for run in runs for part in _RUNS.findall(run)]


def _endings(word: str) -> list[str]:
    word = word[:MAX_WORD_LENGTH]
    return [word, *(word[start:] for start in range(1, len(word) - _MIN_ENDING_LENGTH + 1))]


def question(text: str, *, with_stems: bool = True) -> Question:
    """What a member typed; nothing to ask when it has no letters."""
    whole: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    terms: dict[Term, None] = {}
    typed = words(text)[:MAX_WORDS]
    for place, word in enumerate(typed):
        last = place == len(typed) - 1
        for unspaced, run in _split_scripts(word):
            if unspaced and len(run) > 1:
                whole.update(dict.fromkeys(_pairs(run)))
                continue
            for one in [run] if unspaced else _asked(run):
                begins = unspaced or (last and len(one) >= _MIN_BEGINNING_LENGTH) or len(one) >= _MIN_ENDING_LENGTH
                term = _forms(one, begins=begins) if with_stems and not unspaced else None
                if term:
                    terms[term] = None
                elif begins:
                    beginnings[one[:MAX_WORD_LENGTH]] = None
                else:
                    whole[one] = None
    return Question(tuple(whole), tuple(beginnings), terms=tuple(terms))


def _asked(word: str) -> list[str]:
    """A word as it is, or a row of letters and numbers by its joints."""
    runs = _RUNS.findall(word)
    return [word] if len(runs) < 3 else [first + second for first, second in pairwise(runs)]


def _forms(word: str, *, begins: bool) -> Term | None:
    """The word, or another with its stem; None where the word alone says it."""
    found = stem(word)
    if found is None or (begins and found == word):
        return None
    forms = dict.fromkeys([found, STEM + found] if begins else [word, found, STEM + found])
    return Term(tuple(forms), (word,) if begins else ())
