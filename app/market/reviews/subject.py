"""Reviews as things that others point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, select

from app.market.reviews.afterwards import remove_answer, restore_answer
from app.market.reviews.models import Review, ReviewAnswer, ReviewPhoto
from app.market.reviews.queries import KIND, answer_visible_to, visible_to
from app.market.reviews.service import remove, restore
from app.people.accounts.models import Member
from app.platform.database import db
from app.platform.markup import plain_text
from app.platform.subjects import Condition, Facts, Kind, State


def facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these reviews."""
    query = select(Review, Member.name).join(Member, Member.id == Review.about_id).where(Review.id.in_(ids))
    return {
        row.Review.id: Facts(
            owner_id=row.Review.author_id,
            title=f"{row.name}: {row.Review.stars}/5",
            url=f"/reviews/{row.Review.id}",
            made_at=row.Review.written_at,
            state=State.HERE if row.Review.removed_at is None else State.REMOVED,
            excerpt=plain_text(row.Review.text),
        )
        for row in db.session.execute(query)
    }


def has_photo(photo: BindParameter[str]) -> Condition:
    """One of its photos."""
    return Review.id.in_(select(ReviewPhoto.review_id).where(ReviewPhoto.photo_id == photo))


def answer_facts(ids: Sequence[str]) -> Mapping[str, Facts]:
    """What can be said of these answers."""
    query = select(ReviewAnswer, Member.name).join(Member, Member.id == ReviewAnswer.author_id)
    return {
        row.ReviewAnswer.review_id: Facts(
            owner_id=row.ReviewAnswer.author_id,
            title=row.name,
            url=f"/reviews/{row.ReviewAnswer.review_id}",
            made_at=row.ReviewAnswer.created_at,
            state=State.HERE if row.ReviewAnswer.removed_at is None else State.REMOVED,
            excerpt=plain_text(row.ReviewAnswer.text),
        )
        for row in db.session.execute(query.where(ReviewAnswer.review_id.in_(ids)))
    }


KINDS = (
    Kind(
        name=KIND,
        key=Review.__table__.c.id,
        visible_to=visible_to,
        facts=facts,
        has_photo=has_photo,
        remove=remove,
        restore=restore,
    ),
    Kind(
        name="review_reply",
        key=ReviewAnswer.__table__.c.review_id,
        visible_to=answer_visible_to,
        facts=answer_facts,
        remove=remove_answer,
        restore=restore_answer,
    ),
)
