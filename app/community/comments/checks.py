"""What must hold of comments."""

from __future__ import annotations

from sqlalchemy import func, select

from app.community.comments.models import Comment
from app.community.recommendations.models import Recommendation
from app.platform.database import db


def run() -> list[str]:
    """Each recommendation's number of comments is the number that stands."""
    counted = (
        select(func.count())
        .where(Comment.recommendation_id == Recommendation.id, Comment.removed_at.is_(None))
        .scalar_subquery()
    )
    wrong = select(Recommendation.id).where(Recommendation.comment_count != counted)
    return [f"recommendation {one}: its number of comments is wrong" for one in db.session.scalars(wrong)]


CHECKS = {"comments": run}
