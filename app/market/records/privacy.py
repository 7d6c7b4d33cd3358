"""What records say of a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.market.records.models import MemberRecord, OrderOutcome
from app.market.records.queries import counts_of, record_of
from app.platform.database import db

NAME = "records"


def export(ident: MemberId) -> dict[str, Any]:
    """The member's record as a buyer and as a seller, and what it is made of."""
    rows = select(OrderOutcome).where(OrderOutcome.member_id == ident).order_by(OrderOutcome.order_id)
    return {
        "records": {
            role.value: asdict(one.counts) for role, one in record_of(ident).items() if any(asdict(one.counts).values())
        },
        "orders": [{"order": row.order_id, **asdict(counts_of(row))} for row in db.session.scalars(rows)],
    }


def erase(ident: MemberId) -> None:
    """Nobody deals with them any more."""
    for table in (OrderOutcome, MemberRecord):
        db.session.execute(delete(table).where(table.member_id == ident))
