"""What recommendations keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from app.community.recommendations.models import (
    HelpfulVote,
    Recommendation,
    RecommendationPhoto,
    RecommendationRevision,
    SavedRecommendation,
)
from app.kernel.ids import MemberId
from app.platform.database import db
from app.platform.files import forget_photos

NAME = "recommendations"


def export(ident: MemberId) -> dict[str, Any]:
    """Everything the member has said, before and now, and what they made of others' words."""
    mine = select(Recommendation).where(Recommendation.member_id == ident)
    earlier = (
        select(RecommendationRevision)
        .join(Recommendation, Recommendation.id == RecommendationRevision.recommendation_id)
        .where(Recommendation.member_id == ident)
    )
    helped = select(HelpfulVote.recommendation_id).where(HelpfulVote.member_id == ident)
    kept = select(SavedRecommendation.recommendation_id).where(SavedRecommendation.member_id == ident)
    return {
        "said": [
            {
                "item": row.item_id,
                "stance": row.stance,
                "rating": row.rating,
                "text": row.text,
                "disclosure": row.disclosure,
                "verified_purchase": row.verified_purchase,
                "at": row.updated_at.isoformat(),
            }
            for row in db.session.scalars(mine)
        ],
        "earlier": [
            {
                "recommendation": row.recommendation_id,
                "stance": row.stance,
                "rating": row.rating,
                "text": row.text,
                "disclosure": row.disclosure,
                "at": row.said_at.isoformat(),
            }
            for row in db.session.scalars(earlier)
        ],
        "helpful": list(db.session.scalars(helped)),
        "saved": list(db.session.scalars(kept)),
    }


def erase(ident: MemberId) -> None:
    """An opinion without a person behind it has no place in word of mouth; votes are counted off."""
    helped = select(HelpfulVote.recommendation_id).where(HelpfulVote.member_id == ident)
    db.session.execute(
        update(Recommendation)
        .where(Recommendation.id.in_(helped))
        .values(helpful_count=Recommendation.helpful_count - 1)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(HelpfulVote).where(HelpfulVote.member_id == ident))
    db.session.execute(delete(SavedRecommendation).where(SavedRecommendation.member_id == ident))
    photos = (
        select(RecommendationPhoto.photo_id)
        .join(Recommendation, Recommendation.id == RecommendationPhoto.recommendation_id)
        .where(Recommendation.member_id == ident)
    )
    forget_photos(db.session.scalars(photos).all())
    db.session.execute(delete(Recommendation).where(Recommendation.member_id == ident))
