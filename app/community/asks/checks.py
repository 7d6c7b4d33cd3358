"""What must hold of asks."""

from __future__ import annotations

from sqlalchemy import exists, select

from app.community.asks.models import Ask, AskAnswer
from app.community.recommendations.models import Recommendation
from app.platform.database import db


def run() -> list[str]:
    """Who is thanked has answered, and nobody answers in another's name or to themselves."""
    thanked = exists().where(AskAnswer.ask_id == Ask.id, AskAnswer.recommendation_id == Ask.helped_id)
    unanswered = select(Ask.id).where(Ask.helped_id.is_not(None), ~thanked)
    foreign = (
        select(AskAnswer.ask_id)
        .join(Recommendation, Recommendation.id == AskAnswer.recommendation_id)
        .where(Recommendation.member_id != AskAnswer.member_id)
    )
    own = (
        select(AskAnswer.ask_id)
        .join(Ask, Ask.id == AskAnswer.ask_id)
        .where(Ask.author_id == AskAnswer.member_id)
    )
    return [
        *(f"ask {one}: thanks for what is no answer" for one in db.session.scalars(unanswered)),
        *(f"ask {one}: an answer is in another member's name" for one in db.session.scalars(foreign)),
        *(f"ask {one}: was answered by its author" for one in db.session.scalars(own)),
    ]
