"""An upgrade brings no old news: from every revision to today's, nobody is told of what has long been."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Connection, MetaData, func, insert, inspect, select, update

from app import create_app
from app.kernel.events import Event
from app.platform import event_log, jobs, schema, subjects
from app.platform.database import EventRow, db
from app.platform.event_log import ParkedRow, Start, SubscriberRow
from app.platform.migrating import alembic_config
from app.platform.parked_events import retry
from tests.architecture.test_events_document import events
from tests.integration.platform.test_migrations import REVISIONS
from tests.support.databases import Kind, bare_database, settings_for
from tests.support.filling import START, fill, reflected
from tests.unit.kernel.test_events import sample

# What makes the rows of a fixture a community: what its columns hold where any text will not do.
TRUE_TO_LIFE: dict[str, dict[str, Any]] = {
    "member": {"active": True, "suspended_until": None, "confirmed_at": START},
    "vouch": {"source": "given", "ended_at": None},
    "recommendation": {"stance": "recommend", "removed_at": None},
    "conversation": {"kind": "direct"},
    "conversation_participant": {"last_read_seq": 0, "left_at": None, "muted": False, "standing": "inside"},
    "message": {"deleted_at": None, "held_at": None, "card": None},
    "listing": {"kind": "sale", "status": "active", "removed_at": None},
    "ask": {"status": "open"},
    "ledger_account": {"kind": "escrow"},
    "market_order": {"stage": "completed", "delivery": "meet", "payment": "in_person"},
    "order_step": {"action": "confirm", "stage": "confirmed", "who": "seller"},
    "saved_search": {"cadence": "at_once", "asked": {"q": "kettle"}},
}


@contextmanager
def installation(kind: Kind, folder: Path, revision: str) -> Iterator[Flask]:
    """A database of that revision, lived in: rows in every table, every event that can have happened."""
    with bare_database(kind, folder / "database") as address:
        app = create_app(settings_for(address, folder / "data"))
        with app.app_context():
            command.upgrade(alembic_config(), revision)
            with db.engine.begin() as connection:
                tables = reflected(connection)
                fill(connection, tables, leave=("event_log", "event_subscriber", "event_parked", "delivery"))
                _come_alive(connection, tables)
                _happen(connection, tables)
            yield app
            db.session.remove()
            db.engine.dispose()


def _come_alive(connection: Connection, tables: MetaData) -> None:
    for table in tables.sorted_tables:
        values = {name: value for name, value in TRUE_TO_LIFE.get(table.name, {}).items() if name in table.c}
        if values:
            connection.execute(update(table).values(values))


def _happen(connection: Connection, known: MetaData) -> None:
    tables = known.tables
    log = tables["event_log"]
    for name, kind in sorted(events().items()):
        payload = sample(kind)
        for place, field in enumerate(field.name for field in fields(kind) if field.name.endswith("_id")):
            table = tables.get(field.removesuffix("_id"))
            if isinstance(payload[field], str):
                if table is not None and "id" in table.c:
                    payload[field] = connection.scalar(select(func.min(table.c.id)))
            else:
                payload[field] = place % 3 + 1
        connection.execute(insert(log).values(name=name, payload=payload, at=START.replace(tzinfo=None)))


def told() -> dict[str, int]:
    """What people have been told, or are about to be."""
    db.session.rollback()
    there = inspect(db.engine).get_table_names()
    counts = {}
    for name in ("notification", "delivery", "message"):
        if name in there:
            counts[name] = db.session.scalar(select(func.count()).select_from(db.metadata.tables[name])) or 0
    db.session.rollback()
    return counts


def live_on(app: Flask) -> None:
    """What a server does by itself after its start."""
    for _ in range(3):
        event_log.run_reactions()
    regular = [kind.function for kind in jobs.kinds().values() if kind.minutes]
    regular += [one.function for one in jobs.steady_jobs().values()]
    for run in regular:
        run()
        db.session.remove()
    event_log.run_reactions()


def letters(app: Flask) -> int:
    return sum(1 for _ in app.config["KIN"].data_dir.glob("mail/*"))


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("revision", REVISIONS)
def test_nobody_is_told_of_old_things(database_kind: Kind, tmp_path: Path, revision: str) -> None:
    _upgrade_and_look(database_kind, tmp_path, revision)


@pytest.mark.databases("postgres")
@pytest.mark.parametrize("revision", REVISIONS[5::8])
def test_nobody_is_told_of_old_things_on_postgresql(database_kind: Kind, tmp_path: Path, revision: str) -> None:
    _upgrade_and_look(database_kind, tmp_path, revision)


def _upgrade_and_look(kind: Kind, folder: Path, revision: str) -> None:
    with installation(kind, folder, revision) as app:
        before = told()
        schema.upgrade(app)
        happened = db.session.scalar(select(func.count()).select_from(EventRow))
        assert happened
        assert happened >= len(events())
        live_on(app)
        after = told()
        assert {name: after[name] for name in before} == before
        assert after["delivery"] == 0
        assert letters(app) == 0


@pytest.mark.databases("sqlite")
def test_without_a_start_at_the_head_old_things_would_be_news(
    database_kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive twin: shows that the fixture can make the tests above fail."""
    with installation(database_kind, tmp_path, REVISIONS[8]) as app:
        before = told()
        monkeypatch.setattr(event_log, "_start", lambda _reaction, _end: 0)
        schema.upgrade(app)
        live_on(app)
        assert told()["notification"] > before["notification"] + 5


@pytest.mark.databases("sqlite")
def test_every_reaction_says_where_it_starts_and_only_states_start_at_the_beginning(app: Flask) -> None:
    """Whatever tells somebody starts at the head; whoever adds a state adds it here too."""
    states = {one.name for one in event_log.reactions().values() if one.starts is Start.BEGINNING}
    assert states == {
        "advocate_tallies",
        "bought_products",
        "kept_orders",
        "material_ties",
        "merged_items",
        "order_payments",
        "merged_words",
        "purchase_evidence",
        "recommended_things",
        "returned_coupons",
        "searchable_members",
        "searchable_rooms",
        "tied_newcomers",
        "trade_ties",
        "upheld_reports",
    }
    assert all(Event.registry[name] for one in event_log.reactions().values() for name in one.listens_to)


# The reactions that acted on decisions before there was one for all kinds, and how far each has come:
# the first decision is done by all, the second by those that were quick, the third by none.
QUICK = ("moderated_listings", "moderated_rooms")
SLOW = ("moderated_asks", "moderated_comments", "moderated_items", "moderated_messages")


@pytest.mark.databases("sqlite", "postgres")
def test_decisions_in_flight_during_the_upgrade_are_acted_on_and_old_ones_not_again(
    database_kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bare_database(database_kind, tmp_path / "database") as address:
        app = create_app(settings_for(address, tmp_path / "data"))
        with app.app_context():
            command.upgrade(alembic_config(), "0025")
            with db.engine.begin() as connection:
                first, second, third = (_decided(connection, thing) for thing in ("old", "half", "new"))
                for name in QUICK:
                    _stand(connection, name, second)
                for name in SLOW:
                    _stand(connection, name, first)
                for name in (*QUICK, SLOW[0]):
                    _park(connection, name, first)
            schema.upgrade(app)
            removed: list[str] = []
            listing = replace(subjects.kinds()["listing"], remove=lambda ident, _ruling: removed.append(ident))
            monkeypatch.setitem(app.extensions["kin_subjects"].kinds, "listing", listing)
            event_log.run_reactions()
            event_log.run_reactions()
            # The second is done again by those that were quick already, which changes nothing.
            assert removed == ["half", "new"]
            assert [(one.subscriber, one.event_id) for one in event_log.parked()] == [("remove_content", first)]
            names = set(db.session.scalars(select(SubscriberRow.name)))
            assert not names & {*QUICK, *SLOW}
            db.session.rollback()
            assert retry(first) == ["remove_content"]
            assert removed == ["half", "new", "old"]
            db.session.remove()
            command.downgrade(alembic_config(), "0025")
            rows = db.session.execute(select(SubscriberRow.name, SubscriberRow.position))
            back = {row.name: row.position for row in rows if row.name.startswith("moderated_")}
            assert len(back) == 9
            assert set(back.values()) == {third}
            db.session.remove()
            db.engine.dispose()


def _decided(connection: Connection, thing: str) -> int:
    payload = {
        "report_id": thing,
        "subject_kind": "listing",
        "subject_id": thing,
        "decision": "remove",
        "moderator_id": 1,
        "author_id": None,
    }
    log = reflected(connection).tables["event_log"]
    made = connection.execute(
        insert(log).values(name="ReportDecided", payload=payload, at=START.replace(tzinfo=None)).returning(log.c.id)
    )
    return int(made.scalar_one())


def _stand(connection: Connection, name: str, position: int) -> None:
    heard = {"ReportDecided": 0}
    connection.execute(insert(SubscriberRow.__table__).values(name=name, position=position, tries=0, heard=heard))


def _park(connection: Connection, name: str, event_id: int) -> None:
    connection.execute(insert(ParkedRow.__table__).values(subscriber=name, event_id=event_id, error="?", at=START))
