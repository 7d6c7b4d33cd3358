"""A person's questions and answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from app.community.asks.models import Ask, AskAnswer, AskReached
from app.platform.database import db


def export(ident: int) -> dict[str, list[dict[str, Any]]]:
    """What the member asked, and which recommendations they gave as answers."""
    asked = select(Ask).where(Ask.author_id == ident).order_by(Ask.id)
    answered = select(AskAnswer).where(AskAnswer.member_id == ident).order_by(AskAnswer.at)
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
            {"ask": row.ask_id, "recommendation": row.recommendation_id, "at": row.at.isoformat()}
            for row in db.session.scalars(answered)
        ],
    }


def erase(ident: int) -> None:
    """The questions go with all about them; so do the member's answers, and whom asks have reached."""
    mine = select(AskAnswer.recommendation_id).where(AskAnswer.member_id == ident)
    db.session.execute(update(Ask).where(Ask.helped_id.in_(mine)).values(helped_id=None))
    db.session.execute(delete(AskAnswer).where(AskAnswer.member_id == ident))
    db.session.execute(delete(AskReached).where(AskReached.member_id == ident))
    asked = select(Ask.id).where(Ask.author_id == ident)
    db.session.execute(delete(AskAnswer).where(AskAnswer.ask_id.in_(asked)))
    db.session.execute(delete(AskReached).where(AskReached.ask_id.in_(asked)))
    db.session.execute(delete(Ask).where(Ask.author_id == ident))
