"""What findings tell of a person."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.kernel.ids import MemberId
from app.moderation.rings.models import RingFinding, RingMember
from app.moderation.rings.values import RingStatus
from app.platform.database import db

NAME = "rings"


def export(ident: MemberId) -> list[dict[str, object]]:
    """Decided findings about the member; an open one is an inquiry, and names others."""
    query = (
        select(RingFinding.found_at, RingFinding.status)
        .join(RingMember, RingMember.ring_id == RingFinding.id)
        .where(RingMember.member_id == ident, RingFinding.status != RingStatus.OPEN)
        .order_by(RingFinding.found_at)
    )
    return [{"found_at": row.found_at.isoformat(), "outcome": row.status} for row in db.session.execute(query)]


def erase(ident: MemberId) -> None:
    """The finding stays for the others; its picture draws only who is still there."""
    db.session.execute(delete(RingMember).where(RingMember.member_id == ident))
