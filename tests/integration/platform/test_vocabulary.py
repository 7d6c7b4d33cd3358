"""The vocabulary of an installation: what it begins with, how a change is seen, how old words were taken over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import Connection, insert, text, update

from app import create_app
from app.discovery.categories.checks import run
from app.platform.database import db, unit_of_work
from app.platform.locales import LOCALES
from app.platform.migrating import alembic_config
from app.platform.vocabulary import reading
from app.platform.vocabulary.reading import category_name, vocabulary
from app.platform.vocabulary.tables import KEY_LENGTH, Category
from tests.support.databases import Kind, bare_database, settings_for
from tests.support.filling import fill, reflected


def test_every_category_has_a_name_in_every_language(app: Flask) -> None:
    known = vocabulary().entries
    assert len(known) > 20
    assert not [(key, one) for key, entry in known.items() for one in LOCALES if not entry.names.get(one)]
    assert max(map(len, known)) <= KEY_LENGTH
    with force_locale("sv"):
        assert category_name("bikes") == "Cyklar"


def test_no_word_means_two_categories(app: Flask) -> None:
    known = vocabulary()
    words = [(word, key) for key, one in known.entries.items() for word in (*one.names.values(), *one.synonyms)]
    assert [(word, key) for word, key in words if known.key_of(word) != key] == []
    assert run() == []


def test_what_another_process_changes_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rename, a new one, a retired one: by their versions, at the next look."""
    assert vocabulary().key_of("velocipedes") is None
    before = vocabulary()
    with db.engine.begin() as elsewhere:
        renamed = {"names": {"en": "Velocipedes"}, "version": Category.version + 1}
        elsewhere.execute(update(Category).where(Category.key == "bikes").values(renamed))
        new = {"key": "boats", "parent_key": "sport", "position": 99, "names": {"en": "Boats"}}
        elsewhere.execute(insert(Category).values(**new, synonyms=[], hints={}, retired=False, version=1))
    assert vocabulary() is before, "it is not asked for at every use"
    db.session.rollback()  # the next request
    monkeypatch.setattr(reading, "LOOK_EVERY", -1.0)
    assert vocabulary().key_of("velocipedes") == "bikes"
    assert vocabulary().narrower("sport")[-1] == "boats"
    assert vocabulary() is vocabulary(), "nothing is read again where nothing has changed"


def test_what_is_not_committed_is_not_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LOOK_EVERY", -1.0)
    with unit_of_work():
        db.session.execute(update(Category).where(Category.key == "bikes").values(names={"en": "Wheels"}, version=7))
        assert category_name("bikes") == "Bicycles"
        db.session.rollback()
    assert category_name("bikes") == "Bicycles"


@pytest.fixture
def old(database_kind: Kind, tmp_path: Path) -> Iterator[Flask]:
    """A database from before the vocabulary."""
    with bare_database(database_kind, tmp_path / "database") as address:
        app = create_app(settings_for(address, tmp_path / "data"))
        with app.app_context():
            command.upgrade(alembic_config(), "0036")
            yield app
            db.session.remove()
            db.engine.dispose()


def test_old_words_became_keys_and_others_stayed(old: Flask) -> None:
    """Items, vouches, questions and the feed's settings; who had chosen both words has chosen the key once."""
    with db.engine.begin() as connection:
        fill(connection, reflected(connection))
        for table, column in (("item", "category"), ("vouch", "topic"), ("ask", "topic")):
            _write(connection, table, column, ["Bicycles", " clothes", "Bread ovens"])
        _write(connection, "listing", "category", ["bikes", "help", "other"])
        _write(connection, "feed_preference", "topics", ['["bicycles", "bikes", "comedy"]', "[]", '["photo"]'])
        one = text("SELECT member_id FROM feed_choice ORDER BY member_id LIMIT 1")
        who = connection.scalar(one)
        connection.execute(text("DELETE FROM feed_choice"))
        for choice, target in (("less", "bicycles"), ("less", "bikes"), ("less", "comedy"), ("hide", "children")):
            row = {"who": who, "choice": choice, "target": target}
            connection.execute(
                text(
                    "INSERT INTO feed_choice (member_id, choice, target, created_at) "
                    "VALUES (:who, :choice, :target, '2026-01-02 10:00:00+00:00')"
                ),
                row,
            )
    command.upgrade(alembic_config(), "0037")
    with db.engine.connect() as connection:

        def words(table: str, column: str) -> set[str]:
            return {str(one) for one in connection.scalars(text(f"SELECT {column} FROM {table}"))}  # noqa: S608 - ours

        for table, column in (("item", "category"), ("vouch", "topic"), ("ask", "topic")):
            assert words(table, column) == {"bikes", "clothing", "Bread ovens"}
        assert words("listing", "category") == {"bikes", "help", "other"}
        kept = connection.execute(text("SELECT topics FROM feed_preference ORDER BY member_id")).all()
        read = [row.topics if isinstance(row.topics, list) else json.loads(row.topics) for row in kept]
        assert read == [["bikes", "comedy"], [], ["photo"]]
        chosen = connection.execute(text("SELECT choice, target FROM feed_choice ORDER BY choice, target")).all()
        assert [tuple(row) for row in chosen] == [("hide", "children"), ("less", "bikes"), ("less", "comedy")]
        # The search makes its documents anew.
        assert words("search_state", "folding") == {""}
    command.downgrade(alembic_config(), "0036")
    with db.engine.connect() as connection:
        assert set(connection.scalars(text("SELECT category FROM listing"))) == {"bikes", "help", "other"}


def _write(connection: Connection, table: str, column: str, words: list[str]) -> None:
    """One word for each of the rows that are there."""
    key = {"vouch": "trustee_id", "feed_preference": "member_id"}.get(table, "id")
    places = list(connection.scalars(text(f"SELECT {key} FROM {table} ORDER BY {key}")))  # noqa: S608 - ours
    for place, word in zip(places, words, strict=True):
        changed = text(f"UPDATE {table} SET {column} = :word WHERE {key} = :place")  # noqa: S608 - ours
        connection.execute(changed, {"word": word, "place": place})
