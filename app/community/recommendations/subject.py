"""Recommendations as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, delete, exists, select, update
from sqlalchemy.orm import aliased

from app.community.items.models import Item
from app.community.recommendations.events import RecommendationRestored
from app.community.recommendations.models import Recommendation, RecommendationPhoto
from app.community.recommendations.rows import visible_to
from app.community.recommendations.service import end_recommendation, photos_of
from app.community.recommendations.values import MAX_PHOTOS
from app.kernel.ids import PhotoId, RecommendationId
from app.platform.database import db, unit_of_work
from app.platform.markup import plain_text
from app.platform.sql import insert_or_ignore
from app.platform.subjects import Condition, Facts, Kind, Looker, Ruling, State, Taken


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


def remove(recommendation_id: RecommendationId, _ruling: Ruling) -> Taken | None:
    """Remove it after a moderator's decision; doing it again changes nothing."""
    with unit_of_work() as work:
        at = end_recommendation(work, recommendation_id, by_moderator=True)
    return {"at": at.isoformat()} if at else None


def restore(recommendation_id: RecommendationId, ruling: Ruling) -> None:
    """Put back what a decision removed, unless its author has said something anew."""
    with unit_of_work() as work:
        row = db.session.execute(
            update(Recommendation)
            .where(
                Recommendation.id == recommendation_id,
                Recommendation.removed_at == datetime.fromisoformat(ruling.taken["at"]),
            )
            .values(removed_at=None, removed_by_moderator=False)
            .returning(Recommendation.item_id, Recommendation.member_id)
        ).one_or_none()
        if row is not None:
            work.record(
                RecommendationRestored(
                    recommendation_id=recommendation_id, item_id=row.item_id, member_id=row.member_id
                )
            )


def remove_photo(photo_id: PhotoId, _ruling: Ruling) -> Taken | None:
    """Take the photo off, the words stay; doing it again changes nothing."""
    photo = RecommendationPhoto
    with unit_of_work():
        row = db.session.execute(
            delete(photo)
            .where(photo.photo_id == photo_id)
            .returning(photo.recommendation_id, photo.position, photo.alt)
        ).one_or_none()
    if row is None:
        return None
    return {
        "photo_id": photo_id,
        "recommendation_id": row.recommendation_id,
        "position": row.position,
        "alt": row.alt,
    }


def restore_photo(photo_id: PhotoId, ruling: Ruling) -> None:
    """Put the photo back where it was, as far as there is room."""
    words = ruling.taken["recommendation_id"]
    with unit_of_work():
        there = select(Recommendation.id).where(Recommendation.id == words).with_for_update()
        if db.session.scalar(there) is None or len(photos_of(words)) >= MAX_PHOTOS:
            return
        insert_or_ignore(RecommendationPhoto, ruling.taken)


KINDS = (
    Kind(
        name="recommendation",
        key=Recommendation.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        has_photo=has_photo,
        remove=remove,
        restore=restore,
    ),
    Kind(
        name="said_photo",
        key=RecommendationPhoto.__table__.c.photo_id,
        visible_to=photo_visible_to,
        facts=photo_facts,
        remove=remove_photo,
        restore=restore_photo,
    ),
)
