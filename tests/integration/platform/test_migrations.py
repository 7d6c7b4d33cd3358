"""Every revision goes up, down and up again with rows in every table, and none of them is lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import JSON, Connection, MetaData, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from app import create_app
from app.messaging.conversations.service import send_message, start_conversation
from app.platform.database import db
from app.platform.migrating import FOLDER, alembic_config
from app.platform.migrations.tables import changed_table
from app.platform.schema import newest_revision, revisions
from tests.support.databases import Kind, bare_database, settings_for
from tests.support.filling import contents, fill, reflected
from tests.support.people import MemberFactory

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
VERSIONS = sorted((FOLDER / "versions").glob("*.py"))
# What a revision is there to change: its rows differ afterwards, but are still there.
ANEW = {
    ("0010", "message", "folded"),
    ("0011", "notification", "fold"),
    ("0012", "search_document", "tokens"),
    ("0023", "recommendation", "verified_purchase"),
    ("0037", "search_state", "folding"),
}

Contents = dict[str, list[dict[str, Any]]]


@pytest.fixture
def bare(database_kind: Kind, tmp_path: Path) -> Iterator[Flask]:
    with bare_database(database_kind, tmp_path / "database") as address:
        app = create_app(settings_for(address, tmp_path / "data"))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def connected() -> Iterator[Connection]:
    with db.engine.connect() as connection:
        yield connection
        connection.commit()


def tables() -> MetaData:
    """As they are now: looking at all of them is most of what these tests cost."""
    with connected() as connection:
        return reflected(connection)


def everything(known: MetaData) -> Contents:
    with connected() as connection:
        return contents(connection, known)


def losses(before: Contents, after: Contents, anew: set[tuple[str, str]]) -> list[str]:
    """What of `before` is not in `after`, as far as there is a table and a column for it."""
    found = []
    for table, rows in before.items():
        if table not in after:
            continue
        if len(after[table]) != len(rows):
            found.append(f"{table}: {len(rows)} rows before, {len(after[table])} after")
            continue
        if not rows:
            continue
        columns = [name for name in rows[0] if name in after[table][0] and (table, name) not in anew]
        kept, now = (sorted(str([row[name] for name in columns]) for row in some) for some in (rows, after[table]))
        if kept != now:
            found.append(f"{table}: rows have changed: {kept[0]} is {now[0]}")
    return found


def test_the_revisions_read_as_text_are_those_of_alembic() -> None:
    """A start compares them without loading Alembic."""
    assert revisions() == REVISIONS
    assert newest_revision() == REVISIONS[-1]


def test_every_revision_goes_up_down_and_up_with_rows_in_every_table(bare: Flask) -> None:
    """Rows stay, and so do triggers, checks and indexes on expressions, which a copied table may lose."""
    found = []
    older: Contents = {}
    for place, revision in enumerate(REVISIONS):
        before = REVISIONS[place - 1] if place else "base"
        anew = {(table, column) for number, table, column in ANEW if number == revision}
        low_marks = described()
        command.upgrade(alembic_config(), revision)
        high_marks, high = described(), tables()
        found += [f"{revision} up: {line}" for line in losses(older, everything(high), anew)]
        with connected() as connection:
            fill(connection, high)
        filled = everything(high)
        command.downgrade(alembic_config(), before)
        lower = everything(tables()) if place else {}
        found += [f"{revision} down: {line}" for line in losses(filled, lower, anew)]
        found += [f"{revision} down: {line}" for line in _differences(low_marks, described()) if place]
        command.upgrade(alembic_config(), revision)
        # The marks say whether the tables are the same again.
        found += [f"{revision} up again: {line}" for line in losses(lower, everything(high), anew)]
        found += [f"{revision} up again: {line}" for line in _differences(high_marks, described())]
        with connected() as connection:
            fill(connection, high)
        older = everything(high)
    assert not found, "\n".join(found)


def described() -> dict[str, set[str]]:
    """Triggers, checks and indexes, as the database says them, by table."""
    lite = db.engine.dialect.name == "sqlite"
    statement = (
        "SELECT tbl_name, type || ' ' || name FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'table'"
        if lite
        else "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' UNION "
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal UNION "
        "SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
    )
    found: dict[str, set[str]] = {}
    with connected() as connection:
        for table, name in connection.execute(text(statement)):
            found.setdefault(table, set()).add(name)
        if lite:
            for table, sql in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")):
                found.setdefault(table, set()).update(_constraints(sql))
    return found


def _constraints(sql: str) -> set[str]:
    words = sql.replace('"', " ").split()
    return {words[place + 1] for place, word in enumerate(words[:-1]) if word.upper() == "CONSTRAINT"}


def test_what_is_empty_is_sqls_null(bare: Flask) -> None:
    """Every JSON column, by its type; and what stood as JSON's null before becomes SQL's."""
    columns = [
        column for table in db.metadata.sorted_tables for column in table.columns if isinstance(column.type, JSON)
    ]
    assert len(columns) > 5
    assert [str(column) for column in columns if not _none_is_null(column.type)] == []

    command.upgrade(alembic_config(), "0014")
    with connected() as connection:
        fill(connection)
        connection.execute(text("UPDATE message SET card = 'null', signs = 'null' WHERE seq = 1"))
        connection.execute(text("UPDATE notification SET data = 'null' WHERE kind = 'kin0'"))
    command.upgrade(alembic_config(), "0015")
    with connected() as connection:
        empty = "SELECT count(*) FROM message WHERE card IS NULL AND signs IS NULL"
        assert connection.scalar(text(empty)) == 1
        assert connection.scalar(text("SELECT count(*) FROM message WHERE card IS NOT NULL")) == 2
        assert connection.scalar(text("SELECT count(*) FROM notification WHERE data IS NULL")) == 0


def test_what_stores_recorded_waits_for_the_buyer(bare: Flask) -> None:
    """Only the operator's records are true before anybody was asked; down again nothing unconfirmed counts."""
    command.upgrade(alembic_config(), "0022")
    with connected() as connection:
        fill(connection)
        for number, occasion in enumerate(("operator", "store:one", "store:two")):
            connection.execute(
                text("UPDATE purchase_evidence SET occasion = :said, withdrawn_at = NULL WHERE occasion = :old"),
                {"said": occasion, "old": f"occ{number}"},
            )
        connection.execute(
            text(
                "UPDATE recommendation SET verified_purchase = :yes, "
                "member_id = (SELECT member_id FROM purchase_evidence e WHERE e.item_id = recommendation.item_id)"
            ),
            {"yes": True},
        )
    command.upgrade(alembic_config(), "0023")
    states = "SELECT occasion, state FROM purchase_evidence ORDER BY occasion"
    marked = (
        "SELECT e.occasion FROM recommendation r JOIN purchase_evidence e "
        "ON e.item_id = r.item_id AND e.member_id = r.member_id WHERE r.verified_purchase"
    )
    with connected() as connection:
        assert [tuple(row) for row in connection.execute(text(states))] == [
            ("operator", "stands"),
            ("store:one", "claimed"),
            ("store:two", "claimed"),
        ]
        assert list(connection.scalars(text(marked))) == ["operator"]
        connection.execute(text("UPDATE purchase_evidence SET state = 'confirmed' WHERE occasion = 'store:two'"))
    command.downgrade(alembic_config(), "0022")
    with connected() as connection:
        counted = "SELECT occasion FROM purchase_evidence WHERE withdrawn_at IS NULL ORDER BY occasion"
        assert list(connection.scalars(text(counted))) == ["operator", "store:two"]
    command.upgrade(alembic_config(), "0023")
    with connected() as connection:
        assert [row.state for row in connection.execute(text(states))] == ["stands", "claimed", "claimed"]


def test_reports_decided_together_get_one_decision(bare: Flask) -> None:
    """Tied by their thing and moment before, by a row afterwards; what nobody decided stays untied."""
    command.upgrade(alembic_config(), "0026")
    with connected() as connection:
        fill(connection)
        mod, reporters = 1, list(connection.scalars(text("SELECT id FROM member ORDER BY id")))
        connection.execute(text("UPDATE report SET decided_at = NULL, status = 'open'"))
        reports = (
            ("r1", "listing", "lamp", "removed", "2026-01-02 10:00:00.000001"),
            ("r2", "listing", "lamp", "removed", "2026-01-02 10:00:00.000001"),
            ("r3", "listing", "lamp", "dismissed", "2026-01-03 10:00:00.000000"),
            ("r4", "listing", "chair", "removed", "2026-01-02 10:00:00.000001"),
        )
        for number, (ident, kind, subject, status, at) in enumerate(reports):
            connection.execute(
                text(
                    "INSERT INTO report (id, subject_kind, subject_id, reporter_id, reason, text, title, excerpt, "
                    "status, created_at, decided_at) VALUES (:id, :kind, :subject, :who, 'scam', '', '', '', "
                    ":status, :at, :at)"
                ),
                {
                    "id": ident,
                    "kind": kind,
                    "subject": subject,
                    "who": reporters[number % len(reporters)],
                    "status": status,
                    "at": datetime.fromisoformat(at + "+00:00") if connection.dialect.name != "sqlite" else at,
                },
            )
        for ident, decision in (("r2", "remove"), ("r3", "dismiss"), ("r4", "remove")):
            connection.execute(
                text(
                    "INSERT INTO moderation_action (actor_id, decision, subject_kind, subject_id, report_id, reason, "
                    "at, previous, digest) SELECT :mod, :decision, subject_kind, subject_id, id, :reason, "
                    "decided_at, :previous, :digest FROM report WHERE id = :id"
                ),
                {
                    "mod": mod,
                    "decision": decision,
                    "id": ident,
                    "reason": f"Because of {ident}",
                    "previous": f"before {ident}",
                    "digest": f"digest {ident}",
                },
            )
        moments = list(connection.execute(text("SELECT id, decided_at FROM report ORDER BY id")))
    command.upgrade(alembic_config(), "0027")
    tied = (
        "SELECT r.id, d.action, d.subject_id, d.reason, d.moderator_id FROM report r "
        "JOIN decision d ON d.id = r.decision_id ORDER BY r.id"
    )
    with connected() as connection:
        assert [tuple(row) for row in connection.execute(text(tied))] == [
            ("r1", "remove", "lamp", "Because of r2", mod),
            ("r2", "remove", "lamp", "Because of r2", mod),
            ("r3", "dismiss", "lamp", "Because of r3", mod),
            ("r4", "remove", "chair", "Because of r4", mod),
        ]
        assert connection.scalar(text("SELECT count(DISTINCT decision_id) FROM report")) == 3
    command.downgrade(alembic_config(), "0026")
    with connected() as connection:
        assert list(connection.execute(text("SELECT id, decided_at FROM report ORDER BY id"))) == moments


def test_answers_get_ids_and_keep_their_thanks(bare: Flask) -> None:
    """Thanks find their answer; down again words alone are gone, and what is recommended in answers is not."""
    command.upgrade(alembic_config(), "0038")
    with connected() as connection:
        fill(connection)
        pairs = list(connection.execute(text("SELECT ask_id, recommendation_id FROM ask_answer ORDER BY ask_id")))
        connection.execute(text("UPDATE ask SET helped_id = NULL"))
        given = {"ask": pairs[0].ask_id, "said": pairs[0].recommendation_id, "other": pairs[1].recommendation_id}
        connection.execute(text("UPDATE ask SET helped_id = :said WHERE id = :ask"), given)
        # Of what was no answer to it nobody remembers thanks.
        stray = {"ask": pairs[1].ask_id, "said": pairs[0].recommendation_id}
        connection.execute(text("UPDATE ask SET helped_id = :said WHERE id = :ask"), stray)
    command.upgrade(alembic_config(), "0039")
    with connected() as connection:
        rows = list(connection.execute(text("SELECT * FROM ask_answer ORDER BY ask_id")))
        assert [(row.ask_id, row.recommendation_id) for row in rows] == [tuple(pair) for pair in pairs]
        assert {len(row.id) for row in rows} == {26}
        assert len({row.id for row in rows}) == len(rows)
        assert [row.ask_id for row in rows if row.thanked_at is not None] == [given["ask"]]
        worded = {"id": "0" * 26, "ask": given["ask"], "at": rows[0].at, "by": rows[0].member_id}
        connection.execute(
            text(
                "INSERT INTO ask_answer (id, ask_id, member_id, text, at) VALUES (:id, :ask, :by, 'By the bridge', :at)"
            ),
            worded,
        )
    command.downgrade(alembic_config(), "0038")
    with connected() as connection:
        left = list(connection.execute(text("SELECT ask_id, recommendation_id FROM ask_answer ORDER BY ask_id")))
        assert left == pairs
        thanked = connection.execute(text("SELECT id, helped_id FROM ask WHERE helped_id IS NOT NULL")).all()
        assert [tuple(row) for row in thanked] == [(given["ask"], given["said"])]


def _none_is_null(kind: TypeEngine[Any]) -> bool:
    kinds = [kind, kind.dialect_impl(postgresql.dialect())]
    return all(isinstance(one, JSON) and one.none_as_null for one in kinds)


def test_none_in_a_json_column_is_found_as_null(app: Flask, member: MemberFactory) -> None:
    ana, bo = member("ana"), member("bo")
    room, _new = start_conversation(ana, [bo])
    send_message(ana, room, "once", "Hello")
    with connected() as connection:
        found = "SELECT card IS NULL, signs IS NULL FROM message"
        assert [tuple(map(bool, row)) for row in connection.execute(text(found))] == [(True, True)]


def _differences(before: dict[str, set[str]], after: dict[str, set[str]]) -> Iterator[str]:
    for table in sorted({*before, *after}):
        if table.startswith("search_fts"):
            continue
        if gone := before.get(table, set()) - after.get(table, set()):
            yield f"{table} has lost {sorted(gone)}"
        if more := after.get(table, set()) - before.get(table, set()):
            yield f"{table} has kept {sorted(more)}"


@pytest.mark.databases("sqlite")
def test_with_foreign_keys_on_no_table_is_copied(app: Flask) -> None:
    """Dropping the old table would delete what points at it: the helper refuses before it begins."""
    with connected() as connection:
        fill(connection)
        before = contents(connection)["message"]
        with (
            Operations.context(MigrationContext.configure(connection)),
            pytest.raises(RuntimeError, match="foreign keys are on"),
            changed_table("conversation") as batch,
        ):
            batch.drop_column("about")
        assert contents(connection)["message"] == before


@pytest.mark.databases("sqlite")
def test_a_copied_table_keeps_triggers_and_hand_made_indexes(app: Flask) -> None:
    with connected() as connection:
        fill(connection)
        connection.commit()
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        before = described()
        with Operations.context(MigrationContext.configure(connection)):
            with changed_table("member") as batch:
                batch.drop_column("certified")
            with changed_table("search_document") as batch:
                batch.drop_column("currency")
        connection.commit()
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
        assert described() == before
        assert contents(connection)["message"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_no_revision_copies_a_table_by_hand(path: Path) -> None:
    """Tables are changed through `changed_table`, which keeps rows, triggers and checks."""
    named = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    assert "batch_alter_table" not in named
