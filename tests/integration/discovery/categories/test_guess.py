"""A guess from what members have posted, and from the words an installation begins with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app import demo
from app.discovery.categories.queries.titles import category_of
from app.market.listings.service import publish_listing, remove_listing
from app.market.listings.values import ListingDraft
from tests.support.people import MemberFactory
from tests.support.sql_count import statements

LISTINGS = Path(demo.__file__).parent / "data" / "listings.json"


def test_titles_in_the_community_teach_it(app: Flask, member: MemberFactory) -> None:
    ana = member("ana")
    assert category_of("Zorki 4") is None
    made = [
        publish_listing(ana, ListingDraft(kind="give", title=f"Zorki number {n}", category="photo", condition="good"))
        for n in range(3)
    ]
    # What is only in a description says nothing.
    talk = ListingDraft(kind="give", title="Shelf", description="With Zorki", category="furniture", condition="good")
    publish_listing(ana, talk)
    with statements() as sent:
        assert category_of("Zorki 4") == "photo"
    assert len(sent) <= 2
    for one in made:
        remove_listing(ana, one)
    assert category_of("Zorki 4") is None, "what is gone teaches nothing"


@pytest.mark.parametrize(
    ("locale", "title", "key"),
    [
        ("en", "Racing bicycle", "bikes"),
        ("sv", "Barnvagn, blå", "kids"),
        ("da", "Lænestol i læder", "furniture"),
        ("zh_Hant", "二手腳踏車", "bikes"),
        ("ar", "كرسي خشبي", "furniture"),
    ],
)
def test_it_begins_with_words_in_every_language(app: Flask, locale: str, title: str, key: str) -> None:
    with force_locale(locale):
        assert category_of(title) == key


@pytest.mark.databases("sqlite")
def test_of_the_demos_titles_few_are_guessed_wrongly(app: Flask) -> None:
    """Without a listing to learn from: most are guessed, and rarely beside the branch where they are."""
    offers = [one for one in json.loads(LISTINGS.read_text(encoding="utf-8")) if one["kind"] != "service"]
    said = [(one["title"], one["category"], category_of(one["title"])) for one in offers]
    guessed = [one for one in said if one[2]]
    wrong = [one for one in guessed if one[1] != one[2]]
    assert len(guessed) >= len(said) * 0.5, said
    assert len(wrong) <= len(guessed) * 0.2, wrong
