"""The vocabulary as a tree of plain values."""

from __future__ import annotations

import pytest

from app.kernel.vocabulary import Entry, Vocabulary


def entry(key: str, parent: str | None = None, *, retired: bool = False, **names: str) -> Entry:
    synonyms = {"bikes": ("bicycle", "Cycling  Gear")}.get(key, ())
    return Entry(key=key, parent_key=parent, names=names, synonyms=synonyms, hints={}, retired=retired)


@pytest.fixture
def known() -> Vocabulary:
    return Vocabulary(
        [
            entry("garden", en="Garden", da="Have"),
            entry("sport", en="Sport", sv="Sport"),
            entry("bikes", "sport", en="Bicycles", sv="Cyklar", zh_Hant="腳踏車"),
            entry("skates", "sport", en="Skates", retired=True),
            entry("haves", en="Have"),
            entry("lost", "nowhere", en="Lost"),
        ]
    )


@pytest.mark.parametrize("word", ["bikes", "Bicycles", " BICYCLES ", "cyklar", "腳踏車", "bicycle", "cycling gear"])
def test_a_key_a_name_in_any_language_and_a_synonym_mean_the_category(known: Vocabulary, word: str) -> None:
    assert known.key_of(word) == known.canonical(word) == "bikes"


def test_any_other_word_stays_as_it_was_written(known: Vocabulary) -> None:
    assert known.key_of("Bread ovens") is None
    assert known.canonical("Bread ovens") == known.name("Bread ovens", "sv") == "Bread ovens"
    assert known.narrower("Bread ovens") == known.lineage("Bread ovens") == ("Bread ovens",)
    assert known.words("Bread ovens") == "Bread ovens"


def test_of_two_languages_with_one_word_english_is_meant(known: Vocabulary) -> None:
    assert known.key_of("have") == "haves"


def test_a_name_is_in_the_readers_language_else_in_english(known: Vocabulary) -> None:
    assert [known.name("bikes", one) for one in ("sv", "zh_Hant", "da")] == ["Cyklar", "腳踏車", "Bicycles"]


def test_what_is_above_and_below(known: Vocabulary) -> None:
    assert known.narrower("sport") == ("sport", "bikes", "skates")
    assert known.lineage("bikes") == ("bikes", "sport")
    assert known.words("bikes").split("  ")[0].startswith("Bicycles Cyklar 腳踏車 bicycle")


def test_a_retired_one_keeps_its_name_and_is_not_offered(known: Vocabulary) -> None:
    assert known.offered == ("garden", "sport", "bikes", "haves")
    assert known.name("skates", "en") == "Skates"
    assert known.choices("sv") == (
        ("garden", "Garden"),
        ("sport", "Sport"),
        ("bikes", "\N{EM SPACE}Cyklar"),
        ("haves", "Have"),
    )


def test_what_hangs_nowhere_is_not_there(known: Vocabulary) -> None:
    assert "lost" not in known.entries
