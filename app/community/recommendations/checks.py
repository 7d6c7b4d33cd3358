"""What must hold of every recommendation."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, func, select

from app.community.recommendations.models import (
    HelpfulVote,
    Recommendation,
    RecommendationPhoto,
    RecommendationRevision,
)
from app.community.recommendations.values import MAX_PHOTOS
from app.platform.database import db


def run() -> list[str]:
    """Counters equal what they count, revisions are numbered without a gap, nobody helps themselves."""
    votes = _count(HelpfulVote)
    revisions = _count(RecommendationRevision)
    last = (
        select(func.coalesce(func.max(RecommendationRevision.number), 0))
        .where(RecommendationRevision.recommendation_id == Recommendation.id)
        .scalar_subquery()
    )
    own = exists().where(
        HelpfulVote.recommendation_id == Recommendation.id,
        HelpfulVote.member_id == Recommendation.member_id,
    )
    return [
        *_breaches(Recommendation.helpful_count != votes, "its number of helpful votes is wrong"),
        *_breaches(
            (Recommendation.revision_count != revisions) | (Recommendation.revision_count != last),
            "its revisions are not numbered 1, 2, 3 …",
        ),
        *_breaches(_count(RecommendationPhoto) > MAX_PHOTOS, "it has too many photos"),
        *_breaches(own, "its author found it helpful"),
    ]


def _count(table: type[HelpfulVote | RecommendationRevision | RecommendationPhoto]) -> ColumnElement[int]:
    return select(func.count()).where(table.recommendation_id == Recommendation.id).scalar_subquery()


def _breaches(condition: ColumnElement[bool], what: str) -> list[str]:
    query = select(Recommendation.id).where(condition)
    return [f"recommendation {one}: {what}" for one in db.session.scalars(query)]


CHECKS = {"recommendations": run}
