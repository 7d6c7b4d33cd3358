"""The writes of screens."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.kernel.subjects import Subject
from app.notifications.active_views.models import ActiveView
from app.platform.database import db, unit_of_work
from app.platform.sql import insert_into

LEASE: Final = timedelta(seconds=75)  # a visible page speaks up every 50


def open_view(actor: MemberId, tab: str, subject: Subject | None) -> None:
    """This page is visible now, with this thing on it."""
    row = {
        "member_id": actor,
        "tab": tab,
        "subject_kind": subject.kind if subject else None,
        "subject_id": subject.id if subject else None,
        "until": clock.now() + LEASE,
    }
    insert = insert_into(ActiveView).values(row)
    news = {name: insert.excluded[name] for name in ("subject_kind", "subject_id", "until")}
    with unit_of_work():
        db.session.execute(insert.on_conflict_do_update(index_elements=["member_id", "tab"], set_=news))


def close_view(actor: MemberId, tab: str) -> None:
    """It is covered, or gone."""
    with unit_of_work():
        db.session.execute(delete(ActiveView).where(ActiveView.member_id == actor, ActiveView.tab == tab))


def sweep_views() -> None:
    """Leases that ended."""
    with unit_of_work():
        db.session.execute(delete(ActiveView).where(ActiveView.until <= clock.now()))
