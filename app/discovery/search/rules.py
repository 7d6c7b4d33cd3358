"""Which find comes first: a pure decision."""

from __future__ import annotations

from collections.abc import Sequence

Rank = tuple[int, int, int]


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
