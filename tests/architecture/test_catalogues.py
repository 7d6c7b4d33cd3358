"""The translations that are committed: whole, as the code has the texts today, and with the same blanks to fill."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.platform.locales import LOCALES
from tools import translations

LANGUAGES = sorted(path.parts[-3] for path in translations.CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
# Arabic has the navigation, the market and the chat; the rest of its pages is in English.
IN_PART = {"ar"}
WHOLE = sorted(set(LANGUAGES) - IN_PART)
BLANK = re.compile(r"%\(\w+\)[a-z]|%%")


def po_file(language: str) -> Path:
    return translations.CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    return read_po(BytesIO(po_file(language).read_bytes()), locale=language)


def translated(catalogue: Catalog) -> list[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each text with its English forms and its own; what has none is left out."""
    return [
        (
            one,
            (one.id,) if isinstance(one.id, str) else tuple(one.id),
            (one.string,) if isinstance(one.string, str) else tuple(one.string),
        )
        for one in catalogue
        if one.id and one.string and any(one.string)
    ]


def test_the_promised_languages_are_there() -> None:
    assert {"da", "sv", "zh_Hant"} <= set(WHOLE)
    assert set(LOCALES) == {"en", *LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_is_what_is_written(language: str) -> None:
    """A clone has its languages without a step: the compiled file is committed, and made of the other."""
    compiled = po_file(language).with_suffix(".mo").read_bytes()
    assert compiled == translations.compiled(read(language)), "run `make translations` and commit both files"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_blanks_of_their_texts(language: str) -> None:
    """`%(name)s` stays as it is; a form for one may leave out the number."""
    wrong = []
    for _one, english, own in translated(read(language)):
        wanted = Counter(BLANK.findall(english[-1]))
        for form in own:
            found = Counter(BLANK.findall(form))
            spare = Counter({"%(num)s", "%(count)s"}) if len(english) > 1 else Counter()
            if set(found) - set(wanted) or set(wanted - spare) - set(found):
                wrong.append(f"{english[-1]!r}: {form!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_with_a_number_have_every_form_of_the_language(language: str) -> None:
    catalogue = read(language)
    wrong = [
        f"{english[0]!r}: {own!r}"
        for _one, english, own in translated(catalogue)
        if len(english) > 1 and (len(own) != catalogue.num_plurals or not all(own))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_and_ends_are_those_of_the_text(language: str) -> None:
    """A lost paragraph of a mail, a colon before a name."""
    wrong = [
        f"{english[-1]!r}: {form!r}"
        for _one, english, own in translated(read(language))
        for form in own
        if form.count("\n\n") != english[-1].count("\n\n") or form != form.strip()
    ]
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return translations.extracted()


@pytest.mark.parametrize("language", WHOLE)
def test_nothing_is_missing_or_doubtful(language: str, english: Catalog) -> None:
    """Whoever adds or changes a text translates it, or asks somebody who can."""
    catalogue = read(language)
    wanted = [(one, catalogue.get(one.id, context=one.context)) for one in english if one.id]
    missing = [
        f"{one.locations[0][0]}: {one.id!r}"
        for one, own in wanted
        if own is None or own.fuzzy or not own.string or not all(own.string)
    ]
    assert not missing, (
        f"{len(missing)} texts are not translated: run `make translations`, fill in what is empty in "
        f"{po_file(language).relative_to(translations.ROOT)}, delete `#, fuzzy` where you have read the text, "
        f"run `make translations` again and commit both files.\n" + "\n".join(missing)
    )
