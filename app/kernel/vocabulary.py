"""The one vocabulary of categories and topics, as plain values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

OTHER: Final = "other"  # what a listing is that says nothing else
_INDENT: Final = "\N{EM SPACE}"  # before a name below another, where a list shows names alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One category."""

    key: str
    parent_key: str | None
    names: Mapping[str, str]
    synonyms: Sequence[str] = ()
    hints: Mapping[str, Sequence[str]]
    retired: bool = False

    def name(self, locale: str) -> str:
        """What it is called in that language, else in English."""
        return self.names.get(locale) or self.names.get("en") or self.key


class Vocabulary:
    """All categories, each behind the one above it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        found = list(entries)
        self._below: dict[str | None, list[Entry]] = {}
        for one in found:
            self._below.setdefault(one.parent_key, []).append(one)
        self.entries: Mapping[str, Entry] = {one.key: one for one in self._in_order(None)}
        # What may be chosen anew.
        self.offered: tuple[str, ...] = tuple(key for key, one in self.entries.items() if not one.retired)
        self._keys = _keys_by_word(self.entries.values())
        self.choices = lru_cache(maxsize=16)(self._choices)

    def key_of(self, word: str) -> str | None:
        """The category that is called so in any language, or was before."""
        return self._keys.get(plain(word))

    def canonical(self, word: str) -> str:
        """The key, where the word stands for one, else the word as it was written."""
        return self._keys.get(plain(word), word)

    def name(self, word: str, locale: str) -> str:
        """What a key is called; any other word is what somebody wrote, and stays so."""
        entry = self.entries.get(word)
        return entry.name(locale) if entry else word

    def lineage(self, word: str) -> tuple[str, ...]:
        """The key and all above it."""
        found = [word]
        while (entry := self.entries.get(found[-1])) and entry.parent_key and entry.parent_key not in found:
            found.append(entry.parent_key)
        return tuple(found)

    def narrower(self, word: str) -> tuple[str, ...]:
        """The key and all below it."""
        return (word, *(one.key for one in self._in_order(word))) if word in self.entries else (word,)

    def words(self, word: str) -> str:
        """Everything that a search may call it, in every language."""
        entry = self.entries.get(word)
        return " ".join(dict.fromkeys([*entry.names.values(), *entry.synonyms])) if entry else word

    def _choices(self, locale: str) -> tuple[tuple[str, str], ...]:
        """Names of what may be chosen, in their order, for a list; those below another begin further in."""
        return tuple(
            (key, _INDENT * (len(self.lineage(key)) - 1) + self.entries[key].name(locale)) for key in self.offered
        )

    def _in_order(self, key: str | None) -> Iterable[Entry]:
        for one in self._below.get(key, ()):
            yield one
            yield from self._in_order(one.key)


def plain(word: str) -> str:
    """How words are compared: “ Road  Bikes” and “road bikes” are one."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def _keys_by_word(entries: Iterable[Entry]) -> dict[str, str]:
    """Keys and English words first: where another language has the same word for something else, these are meant."""
    known = list(entries)
    found = {plain(one.key): one.key for one in known}
    for one in known:
        for word in (one.name("en"), *one.synonyms):
            found.setdefault(plain(word), one.key)
    for one in known:
        for word in one.names.values():
            found.setdefault(plain(word), one.key)
    return found
