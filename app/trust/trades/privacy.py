"""What trades tell of a person."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.platform.database import db
from app.trust.trades.models import Trade

NAME = "trades"


def export(ident: MemberId) -> list[dict[str, object]]:
    """By whom the member was well served."""
    query = (
        select(Trade.order_id, Member.handle, Trade.at)
        .join(Member, Member.id == Trade.trustee_id)
        .where(Trade.truster_id == ident)
        .order_by(Trade.at)
    )
    rows = db.session.execute(query)
    return [{"order": row.order_id, "served_by": row.handle, "at": row.at.isoformat()} for row in rows]


def erase(ident: MemberId) -> None:
    """A tie ends with either of its ends."""
    db.session.execute(delete(Trade).where(or_(Trade.truster_id == ident, Trade.trustee_id == ident)))
