"""Does a new thing fit a saved search, and how is the search found again without reading all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import Final

ANCHOR: Final = 16  # letters of the anchor that count
_SHORTEST: Final = 2


def anchor_of(terms: Sequence[str], found: Sequence[int]) -> str:
    """The term that finds least, the longest of several; with it the saved search is found again."""
    rarest = min(range(len(terms)), key=lambda n: (found[n], -len(terms[n])))
    return terms[rarest][:ANCHOR]


def anchors_for(tokens: Iterable[str]) -> list[str]:
    """Every anchor that a thing with these tokens can answer to: a term may be the beginning of a word."""
    found = set()
    for token in tokens:
        for length in range(min(_SHORTEST, len(token)), min(ANCHOR, len(token)) + 1):
            found.add(token[:length])
    return sorted(found)


def fits(whole: Collection[str], beginnings: Collection[str], tokens: Sequence[str]) -> bool:
    """Whether a thing with these sorted tokens answers the question."""
    return all(_begins(tokens, one, exactly=True) for one in whole) and all(
        _begins(tokens, one, exactly=False) for one in beginnings
    )


def fits_one(whole: Collection[str], beginnings: Collection[str], tokens: Sequence[str]) -> bool:
    """Whether it has at least one of the forms of a word."""
    return any(_begins(tokens, one, exactly=True) for one in whole) or any(
        _begins(tokens, one, exactly=False) for one in beginnings
    )


def _begins(tokens: Sequence[str], word: str, *, exactly: bool) -> bool:
    place = bisect_left(tokens, word)
    if place == len(tokens):
        return False
    return tokens[place] == word if exactly else tokens[place].startswith(word)
