"""Which category a title speaks of, from its words alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from app.kernel.vocabulary import OTHER, Vocabulary
from app.platform.search.folding import fold
from app.platform.search.stems import stem
from app.platform.search.words import words

MAX_WORDS: Final = 8  # of a title
ENOUGH: Final = 2.0  # less is no guess
LEAD: Final = 1.2  # so many times the next best
_NAME, _HINT = 4.0, 3.0  # a category's own word, and one that its things have in their titles
_ENDING: Final = 0.7  # of “damcykel”, of which a word is the end
_FOREIGN: Final = 0.5  # of a word in a language that is neither the reader's nor English
_TOLD: Final = 3.0  # when all others that have this word in their title are of one category
_SURE_AFTER: Final = 3  # so many of them
_MIN_ENDING: Final = 4
_ARTICLE: Final = "ال"

Weights = Mapping[str, float]
_Index = Mapping[str, Weights]


def title_words(title: str) -> list[str]:
    """The words of a title that may say what it is, each once."""
    return [one for one in dict.fromkeys(words(title)) if len(one) > 1 and not one.isdigit()][:MAX_WORDS]


def guess(
    title: str, known: Vocabulary, locale: str, told: Iterable[tuple[int, str]] = (), *, asked: Sequence[str] = ()
) -> str | None:
    """The category that the title most likely belongs to; None where nothing speaks clearly for one.

    `told`: of the words `asked`, by their number, the categories of listings that have it in their titles.
    """
    weights: dict[str, float] = defaultdict(float)
    index = _index_of(known, locale)
    for word in title_words(title):
        for key, weight in _of_word(word, index).items():
            weights[key] += weight
    for of_word in _of_others(told, len(asked)):
        for key, part in of_word.items():
            weights[key] += part
    best = sorted(((weight, key) for key, weight in weights.items() if key in known.offered and key != OTHER))
    if not best or best[-1][0] < ENOUGH:
        return None
    # What the others are above or below it speaks for it, not against it.
    near = {*known.lineage(best[-1][1]), *known.narrower(best[-1][1])}
    others = [weight for weight, key in best if key not in near]
    return best[-1][1] if not others or best[-1][0] >= LEAD * others[-1] else None


def _of_word(word: str, index: _Index) -> Weights:
    bare = word.removeprefix(_ARTICLE)
    for form in dict.fromkeys((word, bare, stem(word) or word)):
        if form in index:
            return index[form]
    if not word.isascii() and (inside := [index[part] for part in _pieces(word) if part in index]):
        return inside[0]
    for start in range(1, len(word) - _MIN_ENDING + 1):
        if (found := index.get(word[start:])) is not None:
            return {key: weight * _ENDING for key, weight in found.items()}
    return {}


def _pieces(word: str) -> Iterable[str]:
    """Of a sentence without spaces every piece that may be a word, the longest first."""
    for length in range(min(len(word), 6), 1, -1):
        yield from (word[start : start + length] for start in range(len(word) - length + 1))


def _of_others(told: Iterable[tuple[int, str]], asked: int) -> list[Weights]:
    """For each word what part of those who use it mean which category; few of them say little."""
    counts: list[dict[str, int]] = [defaultdict(int) for _word in range(asked)]
    for number, key in told:
        counts[number][key] += 1
    return [
        {key: _TOLD * count / max(sum(of_word.values()), _SURE_AFTER) for key, count in of_word.items()}
        for of_word in counts
    ]


@lru_cache(maxsize=16)
def _index_of(known: Vocabulary, locale: str) -> _Index:
    """What each word weighs for which category, for a reader of that language."""
    found: dict[str, dict[str, float]] = {}

    def add(text: str, key: str, weight: float) -> None:
        parts = words(text)
        if len(parts) != 1 or len(parts[0]) < 2:  # names of several words say too little by each
            return
        for form in {parts[0], parts[0].removeprefix(_ARTICLE), stem(parts[0]) or parts[0], fold(text)}:
            of_word = found.setdefault(form, {})
            of_word[key] = max(of_word.get(key, 0.0), weight)

    for key, entry in known.entries.items():
        for language, name in entry.names.items():
            add(name, key, _NAME * _share(language, locale))
        for word in (key, *entry.synonyms):
            add(word, key, _NAME)
        for language, hints in entry.hints.items():
            for word in hints:
                add(word, key, _HINT * _share(language, locale))
    return found


def _share(language: str, locale: str) -> float:
    return 1.0 if language in {locale, "en"} else _FOREIGN
