"""What reviews keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.market.reviews.models import Review, ReviewAnswer, ReviewRecovery, ReviewVersion
from app.market.reviews.values import Part
from app.platform.database import db

NAME = "reviews"


def export(ident: MemberId) -> dict[str, Any]:
    """What the member wrote, and what is said of them and can be seen."""
    written = db.session.scalars(select(Review).where(Review.author_id == ident).order_by(Review.id)).all()
    about = select(Review).where(Review.about_id == ident, Review.visible_at.is_not(None), Review.removed_at.is_(None))
    mine = [one.id for one in written]
    before = select(ReviewVersion).where(ReviewVersion.review_id.in_(mine))
    answers = select(ReviewAnswer).where(ReviewAnswer.author_id == ident).order_by(ReviewAnswer.review_id)
    offers = select(ReviewRecovery).where(ReviewRecovery.member_id == ident).order_by(ReviewRecovery.review_id)
    return {
        "written": [
            {
                "order": one.order_id,
                "stars": one.stars,
                "details": {part.value: getattr(one, part.value) for part in Part},
                "text": one.text,
                "note": one.note,
                "at": one.written_at.isoformat(),
                "visible_at": one.visible_at.isoformat() if one.visible_at else None,
                "removed": one.removed_at is not None,
            }
            for one in written
        ],
        "before": [
            {"review": one.review_id, "stars": one.stars, "text": one.text, "at": one.at.isoformat()}
            for one in db.session.scalars(before.order_by(ReviewVersion.review_id, ReviewVersion.number))
        ],
        "about_me": [
            {"order": one.order_id, "stars": one.stars, "text": one.text, "at": one.written_at.isoformat()}
            for one in db.session.scalars(about.order_by(Review.id))
        ],
        "answers": [
            {"review": one.review_id, "text": one.text, "at": one.created_at.isoformat()}
            for one in db.session.scalars(answers)
        ],
        "offers": [
            {"review": one.review_id, "remedy": one.remedy, "text": one.text, "at": one.offered_at.isoformat()}
            for one in db.session.scalars(offers)
        ],
    }


def erase(ident: MemberId) -> None:
    """What the member wrote goes, and what is said of them: there is nobody left whom it could help or warn of."""
    reviews = or_(Review.author_id == ident, Review.about_id == ident)
    for statement in (
        delete(ReviewAnswer).where(ReviewAnswer.author_id == ident),
        delete(ReviewRecovery).where(ReviewRecovery.member_id == ident),
        delete(Review).where(reviews),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
