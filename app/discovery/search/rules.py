"""Which find comes first, and what a misspelt question may have meant: pure decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice, product

Rank = tuple[int, int, int]
_MOST_READINGS = 4


def rank(asked: Sequence[str], title: str, trusted: bool, place: int) -> Rank:
    """Smaller is better: words in the title, then people of one's circle, then the newest.

    `asked` are folded words, `title` is a folded title.
    """
    there = title.split()
    whole = sum(word in there for word in asked)
    if asked and whole == len(asked):
        tier = 0 if len(there) == len(asked) else 1
    elif asked and all(any(other.startswith(word) for other in there) for word in asked):
        tier = 2
    elif any(word in title for word in asked):
        tier = 3
    else:
        tier = 4
    return tier, 0 if trusted else 1, -place


def readings(typed: Sequence[str], nearest: Mapping[str, Sequence[str]]) -> list[str]:
    """What may have been meant, the likeliest first: known words in the place of unknown ones."""
    choices = [
        [word] if word in nearest.get(word, ()) or not nearest.get(word) else list(nearest[word])
        for word in typed
    ]
    # The likeliest of each word first; only then the second choices.
    found = sorted(product(*(list(enumerate(one)) for one in choices)), key=lambda way: sum(n for n, _ in way))
    meant = (" ".join(word for _n, word in way) for way in found)
    return list(islice((one for one in meant if one != " ".join(typed)), _MOST_READINGS))
