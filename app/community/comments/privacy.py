"""What comments keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select

from app.community.comments.models import Comment
from app.community.recommendations.service import count_comments
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "comments"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """Everything the member has said to others' recommendations."""
    query = select(Comment).where(Comment.author_id == ident).order_by(Comment.id)
    return [
        {
            "recommendation": row.recommendation_id,
            "text": row.text,
            "at": row.created_at.isoformat(),
            "removed": row.removed_at is not None,
        }
        for row in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """Comments go, and the counters with them."""
    mine = (
        select(Comment.recommendation_id, func.count())
        .where(Comment.author_id == ident, Comment.removed_at.is_(None))
        .group_by(Comment.recommendation_id)
    )
    for recommendation_id, number in db.session.execute(mine).all():
        count_comments(recommendation_id, -number)
    db.session.execute(delete(Comment).where(Comment.author_id == ident))
