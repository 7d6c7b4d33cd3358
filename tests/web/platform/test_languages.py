"""Each reader has the interface in their language: chosen, remembered, and never mixed with another reader's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from app.platform import locales
from app.platform.formats import clock_tag
from app.platform.locales import offered_languages, preferred
from tests.support.access_town import build_access_town
from tests.support.people import MemberFactory, sign_in
from tools import translations

SHOWN = re.compile(r"<(script|style|template)\b.*?</\1>|<[^>]+>", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)s")
# Each text of this language is between these, so that what is not is seen.
OPENS, CLOSES = "⟦", "⟧"
PAGES = ("/", "/explore", "/market", "/items", "/asks", "/circle", "/me", "/settings/account", "/notifications")


@pytest.fixture(scope="module")
def english() -> Catalog:
    """Every text, as the code has it."""
    return translations.extracted()


@pytest.fixture(scope="module")
def catalogues(english: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Swedish in brackets and an empty traditional Chinese: the tests do not depend on what is translated."""
    root = tmp_path_factory.mktemp("catalogues")
    marked, empty = Catalog(locale="sv"), Catalog(locale="zh_Hant")
    for one in english:
        if one.id:
            forms = tuple(f"{OPENS}{form}{CLOSES}" for form in forms_of(one))
            marked.add(one.id, forms[0] if isinstance(one.id, str) else forms, context=one.context)
    for catalogue in (marked, empty):
        folder = root / str(catalogue.locale) / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalogue)
    return root


def forms_of(one: Message) -> tuple[str, ...]:
    return (one.id,) if isinstance(one.id, str) else tuple(one.id)


@pytest.fixture(autouse=True)
def two_languages(app: Flask, catalogues: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    app.extensions["babel"].translation_directories[:] = [str(catalogues)]
    offered = ("en", "sv", "zh_Hant")
    for place in ("app.platform.locales", "app.web.frame", "app.people.profiles.service"):
        monkeypatch.setattr(f"{place}.LOCALES", offered)
    preferred.cache_clear()
    offered_languages.cache_clear()
    yield
    preferred.cache_clear()
    offered_languages.cache_clear()


def page_language(client: FlaskClient, wishes: str | None = None, path: str = "/explore") -> str:
    answer = client.get(path, headers={"Accept-Language": wishes} if wishes else {})
    found = re.search(r'<html lang="([^"]*)"', answer.text)
    assert found is not None, answer.text[:200]
    return found[1]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("zh-TW,zh;q=0.9", "zh_Hant"),
        ("zh-HK", "zh_Hant"),
        ("zh-hant-tw", "zh_Hant"),
        ("zh-CN,zh;q=0.9", "en"),
        ("fi,sv;q=0.5,en;q=0.4", "sv"),
        ("en;q=0.5,sv;q=0.7", "sv"),
        ("sv;q=0", "en"),
        ("*", "en"),
        ("xx-nonsense-,,;q=x", "en"),
        ("", "en"),
    ],
)
def test_a_browser_gets_the_first_language_that_it_asks_for(wishes: str, expected: str) -> None:
    assert preferred(wishes) == expected


@pytest.mark.parametrize(
    ("wishes", "tag", "hour"),
    [
        ("en-US,en;q=0.9", "en", "2:05"),
        ("en-GB", "en-GB", "14:05"),
        ("de-DE,en;q=0.5", "en-GB", "14:05"),
        ("", "en", "2:05"),
    ],
)
def test_english_hours_are_those_of_the_readers_country(
    app: Flask, client: FlaskClient, wishes: str, tag: str, hour: str
) -> None:
    page = client.get("/explore", headers={"Accept-Language": wishes}).text
    assert f'<html lang="{tag}"' in page
    assert 'value="en" lang="en" type="submit" aria-current="true"' in page
    with app.test_request_context(headers={"Accept-Language": wishes}):
        assert hour in clock_tag(datetime(2026, 11, 29, 14, 5, tzinfo=UTC))


def test_the_switch_outweighs_the_browser_and_the_members_setting_both(
    app: Flask, client: FlaskClient, member: MemberFactory
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert page_language(client, "sv") == "sv"
    chosen = client.post("/language", data={"language": "zh_Hant", "next": "/explore?a=1"})
    assert (chosen.status_code, chosen.location) == (303, "/explore?a=1")
    assert page_language(client, "sv") == "zh-Hant"
    member("ana", locale="sv")
    sign_in(app, client, "ana")
    assert page_language(client, "en", "/market") == "sv"


def test_a_members_choice_goes_along_to_other_browsers(app: Flask, client: FlaskClient, member: MemberFactory) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana")
    sign_in(app, client, "ana")
    client.post("/language", data={"language": "sv", "next": "//elsewhere.example/"}).close()
    other = app.test_client()
    sign_in(app, other, "ana")
    assert page_language(other, "en", "/market") == "sv"
    settings = other.get("/settings/account").text
    assert re.search(r'value="sv" lang="sv" selected', settings)


@pytest.mark.parametrize("wanted", ["", "xx", "de", "../../etc"])
def test_what_is_no_language_of_ours_is_not_kept(
    app: Flask, client: FlaskClient, member: MemberFactory, wanted: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana")
    sign_in(app, client, "ana")
    answer = client.post("/language", data={"language": wanted})
    assert answer.status_code == 422
    assert "kin_language" not in answer.headers.get("Set-Cookie", "")


def test_each_language_is_offered_by_its_own_name(client: FlaskClient) -> None:
    text = client.get("/explore").text
    for value, tag, name in (("en", "en", "English"), ("sv", "sv", "Svenska"), ("zh_Hant", "zh-Hant", "繁體中文")):
        assert re.search(rf'value="{value}" lang="{tag}" type="submit"[^>]*>{name}</button>', text), name


def test_who_joins_is_written_to_in_the_language_of_that_page(app: Flask, client: FlaskClient) -> None:
    from app.people.accounts.models import Member
    from app.platform.database import db

    app.config["WTF_CSRF_ENABLED"] = False
    given = {"handle": "olof", "name": "Olof", "email": "olof@example.org", "password": "a long enough passphrase"}
    assert client.post("/register", data=given, headers={"Accept-Language": "sv"}).status_code == 302
    with app.app_context():
        assert db.session.query(Member.locale).filter_by(handle="olof").scalar() == "sv"


def test_readers_of_two_languages_never_get_each_others_texts(
    app: Flask, client: FlaskClient, member: MemberFactory, english: Catalog
) -> None:
    """All that is kept (fragments, cards, labels, times) is asked for in turn."""
    own = {form for one in english if one.id for form in forms_of(one) if not PLACEHOLDER.search(form)}
    with app.app_context():
        town = build_access_town(app)
    sign_in(app, client, town.handle("member"))
    things = [f"/market/{town.ids['listing_id']}", f"/items/{town.ids['item_id']}", "/m/olli"]
    for path in (*PAGES, *things):
        for _round in (1, 2):
            marked = client.get(path, headers={"Accept-Language": "sv"}).text
            plain = client.get(path, headers={"Accept-Language": "en"}).text
            assert OPENS not in plain, f"{path}: Swedish on the English page: {plain[plain.index(OPENS) :][:80]}"
            left = {piece for piece in shown(marked) if piece in own}
            assert OPENS in marked, path
            assert not left, f"{path}: English on the Swedish page: {left}"


def shown(html: str) -> set[str]:
    """The pieces of text that a reader sees."""
    return {piece.strip() for piece in SHOWN.sub("\n", html).split("\n") if piece.strip()}


def test_a_mail_is_in_its_readers_language(app: Flask) -> None:
    with app.app_context(), force_locale(locales.known_locale("sv")):
        from flask_babel import gettext

        assert gettext("Search") == f"{OPENS}Search{CLOSES}"
    assert locales.known_locale("tlh") == "en"
    assert locales.known_locale(None) == "en"
