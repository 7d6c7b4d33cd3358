"""Indexes of an empty table are made behind its rows: one sort costs less than a place for each row.

The models say which there are. A run that is killed leaves its `ImportRun`, and whoever finishes that
makes them (`runs`).
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Index, Table, select
from sqlalchemy.schema import CreateIndex, DropIndex

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.platform.database import db, unit_of_work
from app.trust.vouches.models import Distrust, Vouch

_FILLED = tuple(cast(Table, one.__table__) for one in (Item, Vouch, Distrust, Recommendation))


def put_off() -> None:
    """Drop those of tables without a row, inside the caller's unit of work."""
    for table in _FILLED:
        if db.session.execute(select(table).limit(1)).first() is None:
            for index in _of(table):
                db.session.execute(DropIndex(index, if_exists=True))


def make() -> None:
    """Make what is missing, one at a time, so that nobody waits long for the database."""
    for table in _FILLED:
        for index in _of(table):
            with unit_of_work():
                db.session.execute(CreateIndex(index, if_not_exists=True))


def _of(table: Table) -> list[Index]:
    """All but those that keep two rows from being the same."""
    return sorted((one for one in table.indexes if not one.unique), key=lambda one: str(one.name))
