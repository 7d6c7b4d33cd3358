"""What testimonials keep of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.community.recommendations.models import Recommendation
from app.kernel.ids import MemberId
from app.marketing.testimonials.models import Testimonial
from app.platform.database import db

NAME = "testimonials"


def export(ident: MemberId) -> list[dict[str, Any]]:
    """Which quotes the member was asked for, and the answers."""
    query = (
        select(Testimonial)
        .join(Recommendation, Recommendation.id == Testimonial.recommendation_id)
        .where(Recommendation.member_id == ident)
    )
    return [
        {
            "store": row.store_id,
            "recommendation": row.recommendation_id,
            "use": row.use,
            "status": row.status,
            "asked_at": row.asked_at.isoformat(),
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in db.session.scalars(query)
    ]


def erase(ident: MemberId) -> None:
    """No consent without a person."""
    mine = select(Recommendation.id).where(Recommendation.member_id == ident)
    db.session.execute(
        delete(Testimonial).where(Testimonial.recommendation_id.in_(mine)).execution_options(synchronize_session=False)
    )
