"""What recommendations keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.community.recommendations.models import Recommendation
from app.platform.database import db


def export(ident: int) -> list[dict[str, Any]]:
    """Everything the member has said."""
    query = select(Recommendation).where(Recommendation.member_id == ident)
    return [
        {
            "item": row.item_id,
            "stance": row.stance,
            "rating": row.rating,
            "text": row.text,
            "disclosure": row.disclosure,
            "at": row.updated_at.isoformat(),
        }
        for row in db.session.scalars(query)
    ]


def erase(ident: int) -> None:
    """An opinion without a person behind it has no place in word of mouth."""
    db.session.execute(delete(Recommendation).where(Recommendation.member_id == ident))
