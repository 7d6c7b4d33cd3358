"""What the clock does: reminds before a time runs out, and brings on what nobody has done by then.

Each case in a transaction of its own, decided again inside it: whoever acts in the same moment is not overrun.
"""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.market.cases.events import CaseDeadlineNear
from app.market.cases.models import OrderCase
from app.market.cases.queries import find_row
from app.market.cases.service import expire_within
from app.market.cases.values import CaseRole
from app.platform.database import UnitOfWork, db, unit_of_work
from app.platform.sql import transition

AT_ONCE = 200


def remind() -> int:
    """Say to whoever has to do something that the time runs out, once; answers how many cases."""
    now = clock.now()
    query = select(OrderCase.id).where(OrderCase.remind_at <= now).order_by(OrderCase.remind_at).limit(AT_ONCE)
    done = 0
    for case_id in list(db.session.scalars(query)):
        with unit_of_work() as unit:
            row = find_row(case_id, lock=True)
            if row is not None and row.remind_at is not None and row.remind_at <= now:
                transition(OrderCase, {"id": row.id}, {"remind_at": None})
                done += _say(unit, row)
    return done


def end_overdue() -> int:
    """Bring on what was not done in time; answers how many."""
    now = clock.now()
    query = select(OrderCase.id).where(OrderCase.due_at <= now).order_by(OrderCase.due_at).limit(AT_ONCE)
    done = 0
    for case_id in list(db.session.scalars(query)):
        with unit_of_work():
            row = find_row(case_id, lock=True)
            if row is not None and row.due_at is not None and row.due_at <= now:
                expire_within(row.id)
                done += 1
    return done


def _say(unit: UnitOfWork, row: OrderCase) -> bool:
    people = {CaseRole.BUYER: row.buyer_id, CaseRole.SELLER: row.seller_id, CaseRole.FRIEND: row.mediator_id}
    told = [people.get(CaseRole(one)) for one in row.waits_for.split()]
    for one in told:
        if one is not None:
            other = row.seller_id if one == row.buyer_id else row.buyer_id
            unit.record(
                CaseDeadlineNear(
                    case_id=row.id,
                    order_id=row.order_id,
                    member_id=MemberId(one),
                    other_id=MemberId(other),
                    state=row.state,
                )
            )
    return bool(told)
