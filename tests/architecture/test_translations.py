"""What `make translations` takes from the code, and what it does with a language."""

from __future__ import annotations

from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tools import translations


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return translations.extracted()


def places(catalogue: Catalog, text: str) -> set[str]:
    found = catalogue.get(text)
    assert found is not None, text
    return {name for name, _line in found.locations}


def test_texts_come_from_templates_and_from_the_errors_of_rules(catalogue: Catalog) -> None:
    assert any(name.startswith("templates/") for name in places(catalogue, "Search"))
    assert "app/market/listings/rules.py" in places(catalogue, "Enter a title of at least 2 letters.")


def test_texts_for_one_and_several_come_with_both(catalogue: Catalog) -> None:
    for one, several in (
        ("%(who)s vouches for you", "%(who)s vouch for you"),
        ("Reached you in %(num)s step", "Reached you in %(num)s steps"),
    ):
        found = catalogue.get(one)
        assert found is not None
        assert found.id == (one, several)


def test_a_language_keeps_what_is_translated_and_marks_what_has_changed(catalogue: Catalog) -> None:
    old = Catalog(locale="de")
    old.add("Search", "Suchen")
    old.add("Search for peopl", "Leute suchen")
    before = BytesIO()
    write_po(before, old)
    template = Catalog()
    template.add("Search")
    template.add("Search for people")
    after = translations.updated(before.getvalue(), "de", template)
    kept, changed = after.get("Search"), after.get("Search for people")
    assert kept is not None
    assert kept.string == "Suchen"
    assert not kept.fuzzy
    assert changed is not None
    assert changed.fuzzy


def test_the_head_of_a_catalogue_names_this_project() -> None:
    file = BytesIO()
    template = Catalog()
    template.add("Save")
    old = b'# FIRST AUTHOR <EMAIL@ADDRESS>\n#, fuzzy\nmsgid ""\nmsgstr ""\n"Project-Id-Version: PROJECT VERSION\\n"\n'
    write_po(file, translations.updated(old, "sv", template))
    head = file.getvalue().decode().partition('msgid "Save"')[0]
    assert "Project-Id-Version: Kinmarket 0." in head
    assert "Swedish texts of Kinmarket" in head
    for left in ("PROJECT", "EMAIL@ADDRESS", "FULL NAME", "LL@li.org", "ORGANIZATION", "fuzzy"):
        assert left not in head
