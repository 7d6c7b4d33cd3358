"""Recommendations as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, select

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation, RecommendationPhoto
from app.community.recommendations.rows import visible_to
from app.community.recommendations.service import remove_by_moderator
from app.platform.database import db
from app.platform.markup import plain_text
from app.platform.subjects import Condition, Facts, Kind, State


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these recommendations."""
    query = (
        select(
            Recommendation.id,
            Recommendation.member_id,
            Recommendation.stance,
            Recommendation.text,
            Recommendation.created_at,
            Recommendation.removed_at,
            Item.title,
            Item.photo_id,
        )
        .join(Item, Item.id == Recommendation.item_id)
        .where(Recommendation.id.in_(ids))
    )
    return {
        row.id: Facts(
            owner_id=row.member_id,
            title=f"{row.title}: {row.stance}",
            url=f"/recommendations/{row.id}",
            made_at=row.created_at,
            state=State.HERE if row.removed_at is None else State.REMOVED,
            photo_id=row.photo_id,
            excerpt=plain_text(row.text),
        )
        for row in db.session.execute(query)
    }


def has_photo(photo: BindParameter[str]) -> Condition:
    """One of its photos."""
    mine = select(RecommendationPhoto.recommendation_id).where(RecommendationPhoto.photo_id == photo)
    return Recommendation.id.in_(mine)


KINDS = (
    Kind(
        name="recommendation",
        key=Recommendation.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        has_photo=has_photo,
        remove=remove_by_moderator,
    ),
)
