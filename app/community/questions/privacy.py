"""A person's questions and answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.community.questions.models import Question, QuestionAnswer, QuestionRecipient
from app.kernel.ids import MemberId
from app.platform.database import db

NAME = "asks"


def export(ident: MemberId) -> dict[str, list[dict[str, Any]]]:
    """What the member asked, and what they answered: words and recommendations."""
    asked = select(Question).where(Question.author_id == ident).order_by(Question.id)
    answered = select(QuestionAnswer).where(QuestionAnswer.member_id == ident).order_by(QuestionAnswer.at)
    return {
        "asked": [
            {
                "id": row.id,
                "text": row.text,
                "topic": row.topic,
                "place": row.place,
                "hops": row.hops,
                "reach": row.reach,
                "status": row.status,
                "at": row.created_at.isoformat(),
            }
            for row in db.session.scalars(asked)
        ],
        "answered": [
            {
                "id": row.id,
                "ask": row.ask_id,
                "text": row.text,
                "recommendation": row.recommendation_id,
                "at": row.at.isoformat(),
                "edited_at": row.edited_at.isoformat() if row.edited_at else None,
                "removed": row.removed_at is not None,
            }
            for row in db.session.scalars(answered)
        ],
    }


def erase(ident: MemberId) -> None:
    """The questions go with all about them; so do the member's answers, and whom asks have reached."""
    db.session.execute(delete(QuestionAnswer).where(QuestionAnswer.member_id == ident))
    db.session.execute(delete(QuestionRecipient).where(QuestionRecipient.member_id == ident))
    asked = select(Question.id).where(Question.author_id == ident)
    db.session.execute(delete(QuestionAnswer).where(QuestionAnswer.ask_id.in_(asked)))
    db.session.execute(delete(QuestionRecipient).where(QuestionRecipient.ask_id.in_(asked)))
    db.session.execute(delete(Question).where(Question.author_id == ident))
