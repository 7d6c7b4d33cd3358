"""The edge says an error in the reader's language; its code stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, Response
from flask_babel import force_locale

from app.kernel.errors import Conflict, DomainError, Invalid
from app.kernel.money import Money
from app.platform.wording import worded

SWEDISH = {
    "You can save up to %(count)s searches. Delete one first.": "Du kan spara högst %(count)s sökningar: ta bort en.",
    "%(filename)s: %(problem)s": "%(filename)s – %(problem)s",
    "“%(currency)s” is not a currency": "”%(currency)s” är ingen valuta",
}


@pytest.fixture
def swedish(app: Flask, tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "words" / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="sv")
    for english, own in SWEDISH.items():
        catalogue.add(english, own)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.extensions["babel"].translation_directories[:] = [str(folder.parents[1])]
    with app.test_request_context("/api/v1/me"), force_locale("sv"):
        yield


def answered(app: Flask, error: DomainError) -> dict[str, object]:
    response = app.make_response(app.handle_user_exception(error))
    assert isinstance(response, Response)
    found: dict[str, object] = response.get_json()
    return found


def test_an_error_is_told_in_the_readers_language(app: Flask, swedish: None) -> None:
    error = Conflict("You can save up to %(count)s searches. Delete one first.", code="too_many", count=50)
    told = answered(app, error)
    assert (told["code"], told["detail"]) == ("too_many", "Du kan spara högst 50 sökningar: ta bort en.")
    assert str(error) == "You can save up to 50 searches. Delete one first."


def test_so_is_one_that_stands_within_another(swedish: None) -> None:
    inner = Invalid("“%(currency)s” is not a currency", currency="XYZ")
    outer = Invalid("%(filename)s: %(problem)s", filename="a.png", problem=inner)
    assert worded(outer) == "a.png – ”XYZ” är ingen valuta"
    assert str(outer) == "a.png: “XYZ” is not a currency"


def test_and_one_of_the_kernel_that_knows_no_language(app: Flask, swedish: None) -> None:
    with pytest.raises(Invalid) as caught:
        Money(5, "no")
    assert answered(app, caught.value)["detail"] == "”no” är ingen valuta"


def test_what_no_catalogue_knows_is_told_in_english(app: Flask, swedish: None) -> None:
    assert answered(app, Invalid("Choose one of %(most)s.", most=3))["detail"] == "Choose one of 3."
