"""Recommendations as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, exists, select
from sqlalchemy.orm import aliased

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation, RecommendationPhoto
from app.community.recommendations.rows import visible_to
from app.community.recommendations.service import remove, remove_photo
from app.platform.database import db
from app.platform.markup import plain_text
from app.platform.subjects import Condition, Facts, Kind, Looker, State


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


def photo_visible_to(viewer: Looker) -> Condition:
    """With the words that it belongs to."""
    said = aliased(Recommendation)
    return exists().where(said.id == RecommendationPhoto.recommendation_id, visible_to(viewer, said))


def photo_facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """Photos by what their authors say is on them, and where they are to be seen."""
    query = (
        select(
            RecommendationPhoto.photo_id,
            RecommendationPhoto.alt,
            Recommendation.id,
            Recommendation.member_id,
            Recommendation.created_at,
            Recommendation.removed_at,
            Item.title,
        )
        .join(Recommendation, Recommendation.id == RecommendationPhoto.recommendation_id)
        .join(Item, Item.id == Recommendation.item_id)
        .where(RecommendationPhoto.photo_id.in_(ids))
    )
    return {
        row.photo_id: Facts(
            owner_id=row.member_id,
            title=row.title,
            url=f"/recommendations/{row.id}",
            made_at=row.created_at,
            state=State.HERE if row.removed_at is None else State.REMOVED,
            photo_id=row.photo_id,
            excerpt=row.alt,
        )
        for row in db.session.execute(query)
    }


KINDS = (
    Kind(
        name="recommendation",
        key=Recommendation.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        has_photo=has_photo,
        remove=remove,
    ),
    Kind(
        name="said_photo",
        key=RecommendationPhoto.__table__.c.photo_id,
        visible_to=photo_visible_to,
        facts=photo_facts,
        remove=remove_photo,
    ),
)
