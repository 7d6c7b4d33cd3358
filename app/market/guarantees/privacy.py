"""What guarantees keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from app.kernel.ids import MemberId
from app.market.guarantees.models import Guarantee
from app.market.guarantees.values import State
from app.platform.database import db

NAME = "guarantees"


def export(ident: MemberId) -> dict[str, Any]:
    """For whom the member stands in, and who does for the member."""
    mine = or_(Guarantee.guarantor_id == ident, Guarantee.buyer_id == ident)
    return {
        "guarantees": [
            {
                "order": row.order_id,
                "amount_minor": row.amount_minor,
                "currency": row.currency,
                "state": row.state,
                "mine": row.guarantor_id == ident,
                "at": row.created_at.isoformat(),
            }
            for row in db.session.scalars(select(Guarantee).where(mine).order_by(Guarantee.id))
        ]
    }


def erase(ident: MemberId) -> None:
    """What nobody has answered is off; a promise stays one until its deal is over, as a number."""
    asked = update(Guarantee).where(Guarantee.guarantor_id == ident, Guarantee.state == State.ASKED.value)
    db.session.execute(asked.values(state=State.DECLINED.value))
