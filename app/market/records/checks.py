"""What must hold of every record: it is the sum of its orders."""

from __future__ import annotations

from sqlalchemy import func, select

from app.market.records.models import MemberRecord, OrderOutcome
from app.market.records.queries import NAMES
from app.platform.database import db


def run() -> list[str]:
    """Each record beside its orders, added up."""
    sums = [func.sum(getattr(OrderOutcome, name)) for name in NAMES]
    added = select(OrderOutcome.member_id, OrderOutcome.role, *sums).group_by(OrderOutcome.member_id, OrderOutcome.role)
    wanted = {(row[0], row[1]): tuple(int(one) for one in row[2:]) for row in db.session.execute(added)}
    columns = [getattr(MemberRecord, name) for name in NAMES]
    kept = {
        (row[0], row[1]): tuple(row[2:])
        for row in db.session.execute(select(MemberRecord.member_id, MemberRecord.role, *columns))
    }
    nothing = (0,) * len(NAMES)
    return [
        f"member {ident} as {role}: the record says {kept.get((ident, role))}, the orders {wanted.get((ident, role))}"
        for ident, role in sorted(kept.keys() | wanted.keys())
        if kept.get((ident, role), nothing) != wanted.get((ident, role), nothing)
    ]


CHECKS = {"records": run}
