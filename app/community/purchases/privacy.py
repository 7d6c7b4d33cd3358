"""What evidence keeps of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.community.purchases.models import PurchaseEvidence
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "evidence"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """What is on record as bought by the member."""
    query = select(PurchaseEvidence).where(PurchaseEvidence.member_id == ident)
    return [
        {
            "item": row.item_id,
            "occasion": row.occasion,
            "at": row.recorded_at.isoformat(),
            "state": row.state,
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """Nobody is left who could have bought it."""
    db.session.execute(delete(PurchaseEvidence).where(PurchaseEvidence.member_id == ident))
