"""What must hold of asks."""

from __future__ import annotations

from sqlalchemy import select

from app.community.questions.models import Question, QuestionAnswer
from app.community.recommendations.models import Recommendation
from app.platform.database import db


def run() -> list[str]:
    """Nobody answers in another's name or to themselves."""
    foreign = (
        select(QuestionAnswer.ask_id)
        .join(Recommendation, Recommendation.id == QuestionAnswer.recommendation_id)
        .where(Recommendation.member_id != QuestionAnswer.member_id)
    )
    own = (
        select(QuestionAnswer.ask_id)
        .join(Question, Question.id == QuestionAnswer.ask_id)
        .where(Question.author_id == QuestionAnswer.member_id)
    )
    return [
        *(f"ask {one}: an answer is in another member's name" for one in db.session.scalars(foreign)),
        *(f"ask {one}: was answered by its author" for one in db.session.scalars(own)),
    ]


CHECKS = {"asks": run}
