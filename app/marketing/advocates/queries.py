"""What merchants and advocates see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select

from app.kernel.errors import NotFound
from app.kernel.ids import MemberId, StoreId
from app.marketing.advocates.models import AdvocateRecord, AdvocateTally
from app.marketing.advocates.rules import report_of
from app.marketing.advocates.values import Advocate, AdvocateReport, Tally
from app.people.profiles.queries import cards
from app.platform.database import db

_COLUMNS: tuple[Any, ...] = (
    AdvocateRecord.id,
    AdvocateRecord.store_id,
    AdvocateRecord.member_id,
    AdvocateRecord.code,
    AdvocateRecord.named,
    AdvocateRecord.joined_at,
)


def get_by_code(code: str) -> Advocate:
    """Raises `NotFound`, also for one who has left."""
    row = db.session.execute(_advocates().where(AdvocateRecord.code == code)).one_or_none()
    if row is None:
        raise NotFound("This link no longer works.")
    return _advocate(row)


def find_advocate(member_id: MemberId, store_id: StoreId) -> Advocate | None:
    """The member's advocacy for the store."""
    row = db.session.execute(
        _advocates().where(AdvocateRecord.member_id == member_id, AdvocateRecord.store_id == store_id)
    ).one_or_none()
    return _advocate(row) if row else None


def advocates_of(member_id: MemberId, store_ids: list[StoreId]) -> list[Advocate]:
    """The member's advocacies among these stores."""
    query = _advocates().where(AdvocateRecord.member_id == member_id, AdvocateRecord.store_id.in_(store_ids))
    return [_advocate(row) for row in db.session.execute(query)]


def advocates_for(store_id: StoreId | None = None) -> list[Advocate]:
    """Everybody who speaks for the store, or for any."""
    query = _advocates()
    if store_id is not None:
        query = query.where(AdvocateRecord.store_id == store_id)
    return [_advocate(row) for row in db.session.execute(query)]


def report(store_id: StoreId) -> AdvocateReport:
    """Visits, sign-ups and recommendations per advocate, as far as they may be seen."""
    query = (
        select(
            AdvocateRecord.member_id,
            AdvocateRecord.named,
            AdvocateTally.visits,
            AdvocateTally.signups,
            AdvocateTally.recommendations,
        )
        .outerjoin(AdvocateTally, AdvocateTally.advocate_id == AdvocateRecord.id)
        .where(AdvocateRecord.store_id == store_id, AdvocateRecord.left_at.is_(None))
    )
    rows = [
        (row.member_id, row.named, Tally(row.visits or 0, row.signups or 0, row.recommendations or 0))
        for row in db.session.execute(query)
    ]
    return report_of(rows, cards(member_id for member_id, named, _tally in rows if named))


def _advocates() -> Select[Any]:
    return select(*_COLUMNS).where(AdvocateRecord.left_at.is_(None))


def _advocate(row: Row[Any]) -> Advocate:
    return Advocate(
        id=row.id,
        store_id=row.store_id,
        member_id=row.member_id,
        code=row.code,
        named=row.named,
        joined_at=row.joined_at,
    )
