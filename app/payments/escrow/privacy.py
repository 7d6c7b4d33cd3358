"""What payments say of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from app.kernel.ids import MemberId
from app.payments.escrow.models import PaymentRow
from app.payments.escrow.queries import COLUMNS, facts
from app.platform.database import db

NAME = "payments"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What the member was to pay or to get, and what became of it."""
    mine = or_(PaymentRow.buyer_id == ident, PaymentRow.seller_id == ident)
    rows = db.session.execute(select(*COLUMNS).where(mine).order_by(PaymentRow.id))
    return [
        {
            "for": str(one.subject),
            "as": "buyer" if one.buyer_id == ident else "seller",
            "method": one.method,
            "total": f"{one.total.major:f}",
            "currency": one.total.currency,
            "state": one.state,
            "refunded": f"{one.refunded.major:f}",
        }
        for one in map(facts, rows)
    ]


def erase(ident: MemberId) -> None:
    """Nothing goes: the other side's deal goes on, and books are kept; what is left is a number without a name."""
