"""The words of the index, and which of them a misspelt word may have meant.

One edit in a word leaves its first or its last letters as they were. So each word is kept with its
length, its head and its tail, and the candidates for a typed word are a few equal-to look-ups, alike
on both databases. How near they are is then measured here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Index, String, and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Model, db
from app.platform.search.words import MAX_WORD_LENGTH, parts, spaced_parts, words

SHORTEST = 4  # letters: below, every word is one edit from many others
LONGEST = 24
_TWO_EDITS_FROM = 8  # letters
_CHANGED_PLACES_FROM = 6  # letters: two that have changed places, not only neighbours, are one slip
_MAX_READINGS = 4
_SHORT_WORD = 6  # letters: below, head and tail have two letters, from here on three
_MAX_CANDIDATES = 2000
_BATCH = 500


class SearchWord(Model):
    """A word that some document has, or had when the index was last rebuilt."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(String(MAX_WORD_LENGTH), primary_key=True)
    length: Mapped[int]
    head: Mapped[str] = mapped_column(String(3))
    tail: Mapped[str] = mapped_column(String(3))

    __table_args__ = (
        Index("ix_search_word_head_length", "head", "length"),
        Index("ix_search_word_tail_length", "tail", "length"),
    )


def spellable(word: str) -> bool:
    """Whether a slip in it could be recognised: long enough, and not a number."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def learn(texts: Iterable[str]) -> None:
    """Keep the words of these texts, inside the caller's unit of work."""
    # In one order for everybody: two writers never wait for each other in a circle.
    every = {word for text in texts for word in words(text)}
    new = sorted({part for word in every for part in spaced_parts(word) if spellable(part)})
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    if new:
        rows = [{"word": word, "length": len(word), "head": _head(word), "tail": _tail(word)} for word in new]
        db.session.execute(dialect.insert(SearchWord).on_conflict_do_nothing(), rows)


def forget(words: Sequence[str]) -> None:
    """These words are in no document any more."""
    for start in range(0, len(words), _BATCH):
        db.session.execute(delete(SearchWord).where(SearchWord.word.in_(words[start : start + _BATCH])))


def forget_all() -> None:
    """A rebuild learns anew."""
    db.session.execute(delete(SearchWord))


def nearest(typed: Sequence[str], *, most: int = 3) -> dict[str, list[str]]:
    """For each of these folded words the known words it may have meant, the likeliest first.

    One statement. A word that is known is its own likeliest; one without candidates is left out.
    """
    asked = [word for word in typed if spellable(word)]
    if not asked:
        return {}
    query = select(SearchWord.word).where(or_(*(_may_be(word) for word in asked)))
    known = list(db.session.scalars(query.limit(_MAX_CANDIDATES * len(asked))))
    found = {}
    for word in asked:
        near = sorted(
            (distance, abs(len(other) - len(word)), other)
            for other in known
            if ((distance := _distance(word, other)) <= _edits(word) or _changed_places(word, other, distance))
            and _begins_alike(word, other)
        )
        if near:
            found[word] = [other for _distance_, _longer, other in near[:most]]
    return found


def readings(typed: str) -> list[str]:
    """What a question may have meant, the likeliest first: known words in the place of unknown ones."""
    asked = parts(typed)
    return ways(asked, nearest(asked))


def ways(typed: Sequence[str], near: Mapping[str, Sequence[str]]) -> list[str]:
    """Each word by itself or by what is near it; only then the second choices."""
    choices = [[word] if word in near.get(word, ()) or not near.get(word) else list(near[word]) for word in typed]
    found = sorted(product(*(list(enumerate(one)) for one in choices)), key=lambda way: sum(n for n, _ in way))
    meant = (" ".join(word for _n, word in way) for way in found)
    return list(islice((one for one in meant if one != " ".join(typed)), _MAX_READINGS))


def _changed_places(typed: str, word: str, distance: int) -> bool:
    """“bycicle” for “bicycle”: two letters for each other."""
    return distance == 2 and len(typed) >= _CHANGED_PLACES_FROM and sorted(typed) == sorted(word)


def _begins_alike(typed: str, word: str) -> bool:
    """Hardly anybody mistypes the first letter of a short word, and “boat” is no slip for “coat”."""
    return len(typed) >= _SHORT_WORD or typed[0] == word[0] or typed[:2] == word[1::-1]


def _edits(word: str) -> int:
    return 2 if len(word) >= _TWO_EDITS_FROM else 1


def _distance(typed: str, word: str) -> int:
    """Edits between them; swapping two neighbours is one."""
    return int(OSA.distance(typed, word, score_cutoff=2))


def _ends(word: str, length: int) -> int:
    return min(len(word), 2 if length < _SHORT_WORD else 3)


def _head(word: str) -> str:
    return word[: _ends(word, len(word))]


def _tail(word: str) -> str:
    return word[-_ends(word, len(word)) :]


def _may_be(word: str) -> ColumnElement[bool]:
    reach = _edits(word)
    lengths = range(max(SHORTEST, len(word) - reach), len(word) + reach + 1)
    alike = []
    for length in lengths:
        ends = _ends(word, length)
        alike += [
            and_(SearchWord.head == word[:ends], SearchWord.length == length),
            and_(SearchWord.tail == word[-ends:], SearchWord.length == length),
        ]
    # Two neighbours swapped across the middle leave neither end as it was.
    swapped = [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)]
    return or_(SearchWord.word.in_([word, *swapped]), *alike)
