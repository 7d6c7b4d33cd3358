"""Indexes that an import makes behind its rows are those of the models, however it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.discovery.search.queries import search
from app.discovery.search.values import Wanted
from app.importing import community, runs
from app.importing.community import import_community
from app.importing.rules import Scale
from app.importing.values import Files
from app.kernel.clock import clock
from app.platform.checks import run_checks
from app.platform.database import db
from tests.support.databases import Kind

pytestmark = pytest.mark.usefixtures("app")


def described() -> dict[str, str]:
    """Every index, and every trigger of SQLite's, with its statement."""
    lite = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    full = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = ANY (current_schemas(false))"
    db.session.rollback()
    found = db.session.execute(text(lite if db.engine.dialect.name == "sqlite" else full))
    return {name: " ".join(sql.split()) for name, sql in found}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    (tmp_path / "trust").write_text("1 2 1\n2 3 0.5\n3 1 -1\n")
    (tmp_path / "ratings").write_text("1 lamp 5\n2 lamp 1\n")
    return Files(tmp_path / "trust", tmp_path / "ratings")


def run(files: Files) -> None:
    import_community(files, Scale.parse("1:5", None))


class Watched:
    """The writing of ratings, with a look at the indexes meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> None:
        self.seen: list[set[str]] = []
        real = community.write_ratings

        def looks(*args: object) -> None:
            lite = db.engine.dialect.name == "sqlite"
            query = "SELECT name FROM sqlite_master" if lite else "SELECT indexname FROM pg_indexes"
            self.seen.append(set(db.session.scalars(text(query))))
            if fails:
                raise KeyboardInterrupt
            real(*args)  # type: ignore[arg-type] # passed on as they came

        monkeypatch.setattr(community, "write_ratings", looks)


FEED = "ix_recommendation_updated_at_id"


def test_an_import_leaves_the_indexes_that_it_found(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    before = described()
    watched = Watched(monkeypatch)
    run(files)
    assert FEED in before
    assert FEED not in watched.seen[0], "it is made behind the rows"
    assert described() == before
    run(files)
    assert FEED in watched.seen[1], "rows that stand keep theirs"
    assert described() == before


def test_an_import_that_fails_leaves_them_too(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    before = described()
    Watched(monkeypatch, fails=True)
    with pytest.raises(KeyboardInterrupt):
        run(files)
    assert described() == before
    assert not run_checks()["indexes"]


def test_one_that_is_killed_is_mended_by_whoever_finishes_it(
    database_kind: Kind, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = described()
    with monkeypatch.context() as patched:
        patched.setattr(runs, "finish", lambda *_args, **_more: None)  # as SIGKILL leaves it
        run(files)
    assert FEED not in described()
    assert any(FEED in line for line in run_checks()["indexes"])
    with clock.freeze(clock.now() + runs.SILENT * 2):
        assert runs.finish_broken_off() == 1
    assert described() == before
    assert "search_document_added" in before or database_kind == "postgres"
    assert not run_checks()["indexes"]
    assert search(None, Wanted(q="u2", kind="member")).members


def test_the_next_import_mends_it_as_well(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    before = described()
    with monkeypatch.context() as patched:
        patched.setattr(runs, "finish", lambda *_args, **_more: None)
        run(files)
    run(files)
    assert described() == before
