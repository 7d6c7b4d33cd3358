"""Reads of records."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import func, select

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.kernel.money import Money
from app.market.orders.models import Order
from app.market.orders.queries import deadline_of
from app.market.orders.values import Due, Stage, Who
from app.market.records import rules
from app.market.records.models import MemberRecord
from app.market.records.values import Counts, Limits, RecordView
from app.platform.database import db

NAMES: Final = tuple(one.name for one in fields(Counts))
MOST_CURRENCIES: Final = 20


def record_of(member_id: MemberId) -> dict[Who, RecordView]:
    """As a buyer and as a seller, in one statement."""
    rows = db.session.scalars(select(MemberRecord).where(MemberRecord.member_id == member_id))
    found = {Who(row.role): counts_of(row) for row in rows}
    return {
        role: RecordView(
            role=role,
            counts=counts,
            bucket=rules.bucket_of(counts),
            credit=rules.credit_of(counts) if role is Who.BUYER else (),
        )
        for role in (Who.SELLER, Who.BUYER)
        for counts in [found.get(role, Counts())]
    }


def sold_this_year(member_id: MemberId) -> tuple[int, list[Money]]:
    """How many sales were completed this year, and for how much in each currency."""
    start = clock.now().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(Order.currency, func.count().label("number"), func.sum(Order.total_minor).label("minor"))
        .where(Order.seller_id == member_id, Order.stage == Stage.COMPLETED.value, Order.stage_at >= start)
        .group_by(Order.currency)
        .order_by(Order.currency)
        .limit(MOST_CURRENCIES)
    )
    rows = db.session.execute(query).all()
    return sum(row.number for row in rows), [Money(int(row.minor), row.currency) for row in rows]


def counts_of(row: Any) -> Counts:
    """The counts of a row."""
    return Counts(**{name: getattr(row, name) for name in NAMES})


def limits() -> Limits:
    """The times that hold here: the operator may have set others."""
    answer, transfer, shipment = (deadline_of(due) for due in (Due.ANSWER, Due.TRANSFER, Due.SHIPMENT))
    return Limits(
        answer=answer.after,
        transfer=transfer.after,
        shipment=shipment.after,
        sent_soon=shipment.after - shipment.remind,
    )
