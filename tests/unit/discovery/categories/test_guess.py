"""Which category a title speaks of."""

from __future__ import annotations

import pytest

from app.discovery.categories.queries.guess import guess, title_words
from app.kernel.vocabulary import Entry, Vocabulary

KNOWN = Vocabulary(
    [
        Entry(
            key="home",
            parent_key=None,
            names={"en": "Home", "sv": "Hem", "da": "Hjem"},
            hints={"en": ["vase"], "zh_Hant": ["花瓶"]},
        ),
        Entry(
            key="garden",
            parent_key="home",
            names={"en": "Garden", "da": "Have"},
            hints={"en": ["plant", "tools"], "ar": ["نبتة"]},
        ),
        Entry(key="tools", parent_key="home", names={"en": "Tools"}, hints={"en": ["drill"]}),
        Entry(
            key="bikes",
            parent_key=None,
            names={"en": "Bicycles", "sv": "Cyklar"},
            synonyms=["bike", "bicycle", "cykel"],
            hints={"en": ["saddle"]},
        ),
        Entry(key="gone", parent_key=None, names={"en": "Gramophones"}, hints={}, retired=True),
        Entry(key="other", parent_key=None, names={"en": "Other"}, hints={}),
    ]
)


@pytest.mark.parametrize(
    ("title", "locale", "key"),
    [
        ("Racing bicycle, 56 cm", "en", "bikes"),
        ("BICYCLES!", "en", "bikes"),
        ("Brooks saddle, hardly used", "sv", "bikes"),
        ("Damcykel från 1974", "sv", "bikes"),
        ("Two vases", "en", "home"),
        ("手工花瓶一個", "zh_Hant", "home"),
        ("النبتة الكبيرة", "ar", "garden"),
        # “Have” is a garden for readers of Danish, not for others; alone it says too little to them.
        ("Have", "da", "garden"),
        ("Gramophone", "en", None),
        ("Other things", "en", None),
        ("Crescent, 1974", "en", None),
        ("", "en", None),
        ("12 34 56", "en", None),
    ],
)
def test_words_of_the_vocabulary_speak_for_their_category(title: str, locale: str, key: str | None) -> None:
    assert guess(title, KNOWN, locale) == key


def test_what_speaks_for_two_is_no_guess() -> None:
    assert guess("Bike drill", KNOWN, "en") in {None, "bikes"}
    assert guess("Saddle vase", KNOWN, "en") is None


def test_what_others_have_filed_under_the_same_word_counts() -> None:
    title, asked = "Crescent, 1974", ["crescent"]
    assert guess(title, KNOWN, "en", [(0, "bikes")] * 3, asked=asked) == "bikes"
    assert guess(title, KNOWN, "en", [(0, "bikes")], asked=asked) is None, "one alone says little"
    mixed = [(0, "bikes"), (0, "bikes"), (0, "tools"), (0, "tools")]
    assert guess(title, KNOWN, "en", mixed, asked=asked) is None


def test_a_title_of_a_hundred_words_costs_no_more_than_one_of_eight() -> None:
    assert title_words("The 12 big, big bikes of 1974") == ["the", "big", "bikes", "of"]
    assert len(title_words(" ".join(f"word{n}x" for n in range(100)))) == 8
